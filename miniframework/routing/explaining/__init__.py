"""From what the judge says of every entry to an answer for people: verdicts, a sentence, advice."""
