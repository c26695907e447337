"""What the templates of people need beside those of the gallery."""

from django import template

from people.covers import crop_address

register = template.Library()
register.filter("crop", crop_address)
