// The file makes functions without bodies legal.
