"""Shared parts of all tests: settings, servers, a browser, users, weights."""
