"""The leader's page: one HTML file without a network, described as elements so that no text can become markup."""
