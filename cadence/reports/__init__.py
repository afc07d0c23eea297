"""What is handed out on paper or as a file: set by typst from data, never from text that is put together."""
