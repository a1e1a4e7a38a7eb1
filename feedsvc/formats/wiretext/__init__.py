"""Text as news agencies sent it down the wire: IPTC 7901, ANPA 1312, telex messages between ZCZC and NNNN."""
