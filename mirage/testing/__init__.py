"""What all tests stand on: settings, servers, a browser, a cast of users, weights."""
