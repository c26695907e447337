"""Memories: photos of this day in earlier years, a trip, a person through the years, a birthday, a season.

`calendar` counts days and finds this day in other years. `kinds` says what a memory is and has the registry of their
kinds, `own` those of the library itself; people and albums bring theirs. `left_out` keeps away what a user does not
want to see, `choosing` decides which photos are shown, and `today` gathers what the strip over the timeline offers.
"""
