"""What conversation designers write, read into what Rasa trains on."""
