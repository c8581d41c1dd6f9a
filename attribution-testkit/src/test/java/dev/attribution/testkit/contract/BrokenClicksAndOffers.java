package dev.attribution.testkit.contract;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.spi.OfferRepository;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that break what holds for clicks and offers. */
final class BrokenClicksAndOffers {
    static final List<Mutant> ALL = List.of(
            Mutant.of("insert 1", "stores the first click of a list", StoresTheFirst::new),
            Mutant.of("insert 2", "refuses a click that it has", RefusesWhatItHas::new),
            Mutant.of("insert 3", "lets the last write win", LastWriteWins::new),
            Mutant.of("insert 3", "compares the offer and the member alone", ComparesTheIdsAlone::new),
            Mutant.of("insert 4", "looks before it inserts", LooksFirst::new),
            Mutant.of("insert 1", "drops the flag", DropsFlags::new),
            Mutant.of("flag 1", "clears the flag of the first click", ClearsTheFirst::new),
            Mutant.of("flag 2", "clears a flag again", ClearsAgain::new),
            Mutant.of("find 1", "makes up a click", MakesUp::new),
            Mutant.of("find 2", "remembers that there is none", RemembersAbsence::new),
            Mutant.of("offers 1", "keeps the link alone", () -> new OfOffers(new KeepsTheLink())),
            Mutant.of("offers 2", "remembers what it found", () -> new OfOffers(new Remembers())),
            Mutant.of("put 1", "keeps the old events", () -> new OfOffers(new KeepsOldEvents())));

    private BrokenClicksAndOffers() {}

    private static final class DropsFlags extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream()
                    .map(click -> click.isCreditable() ? click.with(null) : click)
                    .toList());
        }
    }

    private static final class ClearsTheFirst extends Broken {
        @Override
        public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
            super.clearFlags(clickIds.stream().limit(1).toList(), clearedAt);
        }
    }

    private static final class ClearsAgain extends Broken {
        private final Map<ClickId, Instant> clearedAt = new ConcurrentHashMap<>();

        @Override
        public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
            super.clearFlags(clickIds, clearedAt);
            clickIds.forEach(id -> this.clearedAt.put(id, clearedAt));
        }

        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            Map<ClickId, Click> found = new HashMap<>(super.find(clickIds));
            found.replaceAll((id, click) -> Optional.ofNullable(clearedAt.get(id))
                    .map(time -> standing(click).withFlagCleared(time))
                    .orElse(click));
            return found;
        }

        private static Click standing(Click click) {
            return click.with(
                    click.flag().map(flag -> ClickFlag.of(flag.rule())).orElse(null));
        }
    }

    private static final class StoresTheFirst extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream().limit(1).toList());
        }
    }

    private static final class RefusesWhatItHas extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            for (Click click : clicks) {
                if (!find(List.of(click.clickId())).isEmpty()) {
                    throw new AttributionException("duplicate key");
                }
                super.insert(List.of(click));
            }
        }
    }

    private static final class ComparesTheIdsAlone extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream().filter(click -> !isStored(click)).toList());
        }

        private boolean isStored(Click click) {
            return Optional.ofNullable(find(List.of(click.clickId())).get(click.clickId()))
                    .filter(stored -> stored.offerId().equals(click.offerId()))
                    .filter(stored -> stored.memberId().equals(click.memberId()))
                    .isPresent();
        }
    }

    private static class LastWriteWins extends Broken {
        private final Map<ClickId, Click> rows = new ConcurrentHashMap<>();

        @Override
        public void insert(List<Click> clicks) {
            clicks.forEach(click -> rows.put(click.clickId(), click));
        }

        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            Map<ClickId, Click> found = new HashMap<>(rows);
            found.keySet().retainAll(clickIds);
            return found;
        }
    }

    private static final class LooksFirst extends LastWriteWins {
        @Override
        public void insert(List<Click> clicks) {
            Click click = clicks.get(0);
            boolean isFree = find(List.of(click.clickId())).isEmpty();
            meet();
            if (!isFree) {
                throw new AttributionException("taken");
            }
            super.insert(clicks);
        }
    }

    private static final class MakesUp extends Broken {
        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            Map<ClickId, Click> found = new HashMap<>(super.find(clickIds));
            clickIds.forEach(id -> found.putIfAbsent(id, Samples.withId(id, Samples.click())));
            return found;
        }
    }

    private static final class RemembersAbsence extends Broken {
        private final Map<Collection<ClickId>, Map<ClickId, Click>> answers = new ConcurrentHashMap<>();

        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            return answers.computeIfAbsent(List.copyOf(clickIds), super::find);
        }
    }

    private static final class OfOffers extends Broken {
        private final OfferRepository offers;

        OfOffers(OfferRepository offers) {
            this.offers = offers;
        }

        @Override
        public OfferRepository offers() {
            return offers;
        }
    }

    private static class Rows implements OfferRepository {
        final Map<String, Offer> rows = new ConcurrentHashMap<>();

        @Override
        public Map<String, Offer> find(Collection<String> offerIds) {
            Map<String, Offer> found = new HashMap<>(rows);
            found.keySet().retainAll(offerIds);
            return found;
        }

        @Override
        public void put(Offer offer) {
            rows.put(offer.offerId(), offer);
        }
    }

    private static final class KeepsTheLink extends Rows {
        @Override
        public void put(Offer offer) {
            super.put(Offer.builder(offer.offerId())
                    .trackingLink(offer.trackingLink())
                    .build());
        }
    }

    private static final class Remembers extends Rows {
        private final Map<Collection<String>, Map<String, Offer>> answers = new ConcurrentHashMap<>();

        @Override
        public Map<String, Offer> find(Collection<String> offerIds) {
            return answers.computeIfAbsent(offerIds, super::find);
        }
    }

    private static final class KeepsOldEvents extends Rows {
        @Override
        public void put(Offer offer) {
            Optional<Offer> old = Optional.ofNullable(rows.get(offer.offerId()));
            super.put(old.map(before -> Offer.builder(offer.offerId())
                            .trackingLink(offer.trackingLink())
                            .acceptedEvents(
                                    before.terms(DuplicatePolicy.onePerEvent()).acceptedEvents())
                            .build())
                    .orElse(offer));
        }
    }
}
