"""What all tests share."""

pytest_plugins = ["bicoastal.testing", "tests.properties.profiles"]
