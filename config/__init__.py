"""The one central configuration: settings, addresses, and the server's entry point and settings."""
