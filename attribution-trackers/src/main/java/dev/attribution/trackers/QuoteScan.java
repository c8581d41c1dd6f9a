package dev.attribution.trackers;

/** Follows the quotes of a record over its lines. */
final class QuoteScan {
    private enum State {
        START_OF_CELL,
        PLAIN,
        QUOTED,
        AFTER_QUOTE
    }

    private final char separator;
    private State state = State.START_OF_CELL;
    private boolean broken;
    private int cells = 1;

    QuoteScan(char separator) {
        this.separator = separator;
    }

    void read(String text) {
        if (state != State.QUOTED && text.indexOf('"') < 0) {
            for (int i = text.indexOf(separator); i >= 0; i = text.indexOf(separator, i + 1)) {
                cells++;
            }
            return;
        }
        for (int i = 0; i < text.length() && !broken; i++) {
            read(text.charAt(i));
        }
    }

    private void read(char c) {
        boolean ends = c == '\n' || c == '\r';
        switch (state) {
            case START_OF_CELL, PLAIN -> {
                if (c == separator) {
                    next();
                } else if (!ends) {
                    state = c == '"' && state == State.START_OF_CELL ? State.QUOTED : State.PLAIN;
                }
            }
            case QUOTED -> state = c == '"' ? State.AFTER_QUOTE : State.QUOTED;
            case AFTER_QUOTE -> {
                if (c == '"') {
                    state = State.QUOTED;
                } else if (c == separator) {
                    next();
                } else {
                    broken |= !ends;
                }
            }
        }
    }

    private void next() {
        cells++;
        state = State.START_OF_CELL;
    }

    /** Returns whether the record continues after the end of the line. */
    boolean isOpen() {
        return state == State.QUOTED && !broken;
    }

    /** Returns whether something stands between a closing quote and the end of its cell. */
    boolean isBroken() {
        return broken;
    }

    int cells() {
        return cells;
    }
}
