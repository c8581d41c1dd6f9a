package dev.attribution.postback;

import java.util.HashSet;
import java.util.Set;

/** A set of names, or all names but these. Immutable and thread-safe. */
record NameSet(boolean isAllBut, Set<String> names) {
    static final NameSet ALL = new NameSet(true, Set.of());
    static final NameSet NONE = new NameSet(false, Set.of());

    NameSet {
        names = Set.copyOf(names);
    }

    boolean contains(String name) {
        return names.contains(name) != isAllBut;
    }

    NameSet union(NameSet other) {
        if (!isAllBut && other.isAllBut) {
            return other.union(this);
        }
        Set<String> result = new HashSet<>(names);
        if (!isAllBut) {
            result.addAll(other.names);
        } else if (other.isAllBut) {
            result.retainAll(other.names);
        } else {
            result.removeAll(other.names);
        }
        return new NameSet(isAllBut, result);
    }

    NameSet intersection(NameSet other) {
        return complement().union(other.complement()).complement();
    }

    private NameSet complement() {
        return new NameSet(!isAllBut, names);
    }
}
