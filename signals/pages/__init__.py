"""What pages say: queries, words, forms and figures behind the views, a package for each page. Nothing is judged."""
