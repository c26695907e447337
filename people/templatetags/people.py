"""Template tags for people and faces."""

from django import template

from people.covers import crop_address

register = template.Library()
register.filter("crop", crop_address)
