package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Terms;

/** The click that an attempt names, with the terms and facts on which the attempt is decided. */
record Match(Click click, Terms terms, boolean isOfferKnown, Facts facts) {}
