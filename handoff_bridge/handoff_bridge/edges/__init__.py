"""Where the outside comes in: Socket.IO, HTTP, pages, Rasa, the back office."""
