"""As much of Nextcloud's addresses as its app needs to sign in and to upload."""
