package dev.attribution.console;

/** An export of Everflow. */
final class Export {
    static final String HEADER =
            "conversion_id,conversion_unix_timestamp,click_unix_timestamp,status,transaction_id,is_event,event,sub1,payout,currency_id,error_code,error_message\r\n";

    private Export() {}

    static String of(String clickId, String transactionId) {
        return HEADER + row(clickId, transactionId);
    }

    static String row(String clickId, String transactionId) {
        return quoted(transactionId) + ",%d,%d,approved,".formatted(TIME, TIME) + quoted(transactionId) + ",0,"
                + quoted("goal" + transactionId) + "," + quoted(clickId) + ",12.50,EUR,0," + quoted(transactionId)
                + "\r\n";
    }

    private static final long TIME = 1773939661L;

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
