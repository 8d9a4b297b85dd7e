"""From the framework's events to exchanges in the journal, without the application noticing."""
