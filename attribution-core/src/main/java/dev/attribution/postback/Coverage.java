package dev.attribution.postback;

import java.util.Set;

/**
 * What a {@link PostbackVerifier} vouches for: the parameters, by their names in the request, which nobody but the caller can
 * have written. A parameter in the query and one in the body are told apart.
 *
 * <p>Immutable and thread-safe.
 */
public final class Coverage {
    private static final Coverage EVERYTHING = new Coverage(NameSet.ALL, NameSet.ALL, true);
    private static final Coverage NOTHING = new Coverage(NameSet.NONE, NameSet.NONE, false);

    private final NameSet query;
    private final NameSet body;
    private final boolean isOfSender;

    private Coverage(NameSet query, NameSet body, boolean isOfSender) {
        this.query = query;
        this.body = body;
        this.isOfSender = isOfSender;
    }

    /** {@return the coverage of a check of the sender, such as a secret or an address: all parameters} */
    public static Coverage everything() {
        return EVERYTHING;
    }

    /** {@return the coverage of a check that says nothing about any parameter} */
    public static Coverage nothing() {
        return NOTHING;
    }

    /**
     * Returns the coverage of some parameters, wherever they are. It is right only if the verifier refuses a request in which
     * one of them is given twice.
     *
     * @param names their names in the request
     * @return the coverage
     */
    public static Coverage ofParameters(String... names) {
        NameSet set = new NameSet(false, Set.of(names));
        return new Coverage(set, set, false);
    }

    /** {@return the coverage of a signature over the body: all parameters in it, and none of the query} */
    public static Coverage ofBody() {
        return new Coverage(NameSet.NONE, NameSet.ALL, false);
    }

    /**
     * Returns the coverage of a signature over the query: all parameters in it, and none of the body.
     *
     * @param except the names of parameters that are not covered
     * @return the coverage
     */
    public static Coverage ofQuery(String... except) {
        return new Coverage(new NameSet(true, Set.of(except)), NameSet.NONE, false);
    }

    /** All parameters of query and form but these. */
    static Coverage ofParametersBut(Set<String> except) {
        NameSet set = new NameSet(true, except);
        return new Coverage(set, set, false);
    }

    /**
     * Returns whether a parameter is covered in the query or in the body.
     *
     * @param name its name in the request
     * @return whether it is covered in one of the two places at least
     */
    public boolean covers(String name) {
        return query.contains(name) || body.contains(name);
    }

    /**
     * Returns whether a parameter is covered in one place.
     *
     * @param name its name in the request
     * @param inBody whether it is in the body, and not in the query
     * @return whether it is covered there
     */
    public boolean covers(String name, boolean inBody) {
        return (inBody ? body : query).contains(name);
    }

    /** {@return whether the sender itself is checked, by a secret or by its address} */
    public boolean isOfSender() {
        return isOfSender;
    }

    Coverage union(Coverage other) {
        return new Coverage(query.union(other.query), body.union(other.body), isOfSender || other.isOfSender);
    }

    Coverage intersection(Coverage other) {
        return new Coverage(
                query.intersection(other.query), body.intersection(other.body), isOfSender && other.isOfSender);
    }
}
