"""Mirage's words in other languages: finding them in the code, keeping, checking and compiling what translators wrote.

`manage.py words` is the way in (docs/build/translate.md). Nothing here runs while pages are served.
"""
