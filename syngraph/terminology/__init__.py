"""Units, codes, synonyms and word lists as data, with their sources and licences, and the code that reads them."""
