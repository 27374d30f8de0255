"""Claims about the program; mirrors its folders."""
