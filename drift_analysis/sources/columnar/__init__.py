"""Many records at once: read by columns where that provably loses nothing, one by one elsewhere.

Arrow's reader refuses a key that the schema does not name, a value of another type, a key that
stands twice, and half a character. What it takes therefore fits the form of the record to the last
value; what it refuses is found and read by the careful path.
"""

__all__ = ["NUMBER", "RUN"]

RUN = "_run"
"""The working column that tells from which of the runs that were given a row is."""

NUMBER = "_number"
"""The working column that tells which record it is, of a run or of those that were given."""
