"""The XML of news agencies: NITF, NewsML-G2 and NewsML 1, and the bodies inside them."""
