"""Filters for the pages of accounts."""

from django import template

from accounts.security import sessions

register = template.Library()
register.filter(sessions.device)
