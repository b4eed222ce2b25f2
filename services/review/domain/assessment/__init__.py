"""The assessment of one case: its reviews, who judged them, and whether it goes on."""
