"""Where tags are found in the library, and which of them are ready to learn."""

from mirage.web.navigation import Entry, Task
from tags import teaching

TAGS = Entry("Tags", "tag", "tags:tags", 21, "Your own words, sorted into a tree")
TEACHING = Task(
    "Tags to teach",
    "sparkles",
    "teach:overview",
    50,
    "Answer a few questions, and a tag finds its photos itself",
    unit=("tag", "tags"),
    count=lambda user: teaching.teachable(user).count(),
)
