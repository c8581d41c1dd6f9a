package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerRow.Standing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exports of the trackers that are ready, in their true columns. */
class PresetExportsTest {
    private static final List<String> RAW_DATA = List.of(
            "Attributed Touch Type,Attributed Touch Time,Install Time,Event Time,Event Name,Event Value,Event Revenue,Event Revenue Currency,Event Revenue USD,Event Source,Is Receipt Validated,Partner,Media Source,Channel,Keywords,Campaign,Campaign ID,Adset,Adset ID,Ad,Ad ID,Ad Type,Site ID,Sub Site ID,Sub Param 1,Sub Param 2,Sub Param 3,Sub Param 4,Sub Param 5,Cost Model,Cost Value,Cost Currency,Contributor 1 Partner,Contributor 1 Media Source,Contributor 1 Campaign,Contributor 1 Touch Type,Contributor 1 Touch Time,Contributor 2 Partner,Contributor 2 Media Source,Contributor 2 Campaign,Contributor 2 Touch Type,Contributor 2 Touch Time,Contributor 3 Partner,Contributor 3 Media Source,Contributor 3 Campaign,Contributor 3 Touch Type,Contributor 3 Touch Time,Region,Country Code,State,City,Postal Code,DMA,IP,WIFI,Operator,Carrier,Language,AppsFlyer ID,Advertising ID,IDFA,Android ID,Customer User ID,IMEI,IDFV,Platform,Device Type,OS Version,App Version,SDK Version,App ID,App Name,Bundle ID,Is Retargeting,Retargeting Conversion Type,Attribution Lookback,Reengagement Window,Is Primary Attribution,User Agent,HTTP Referrer,Original URL"
                    .split(",", -1));

    private static String line(List<String> headers, Map<String, String> cells) {
        List<String> line = new ArrayList<>(Collections.nCopies(headers.size(), ""));
        cells.forEach((header, cell) -> line.set(headers.indexOf(header), '"' + cell.replace("\"", "\"\"") + '"'));
        return String.join(",", line) + "\n";
    }

    private static TrackerRow rawData(Map<String, String> cells) {
        List<TrackerRow> rows = read(Tracker.appsFlyer(), String.join(",", RAW_DATA) + "\n" + line(RAW_DATA, cells));
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    @Test
    void readsAppsFlyersRawData() {
        assertThat(RAW_DATA).hasSize(81);
        TrackerRow row = rawData(Map.of(
                "Event Time", "2024-02-27 07:01:52",
                "Event Name", "af_purchase",
                "Event Value", "{\"Version\":\"11\"}",
                "Event Revenue", "9.99",
                "Event Revenue Currency", "USD",
                "Sub Param 1", ID,
                "Is Primary Attribution", "true"));

        assertThat(row.clickId()).contains(ID);
        assertThat(row.eventId()).contains("af_purchase");
        assertThat(row.time()).contains(Instant.parse("2024-02-27T07:01:52Z"));
        assertThat(row.amount()).contains(new BigDecimal("9.99"));
        assertThat(row.currency()).contains("USD");
        assertThat(row.standing()).isEqualTo(Standing.COUNTED);
        assertThat(row.answerStatus()).isEmpty();
    }

    @Test
    void readsTheClickIdFromTheOriginalUrlWhereNoSubParameterHoldsIt() {
        TrackerRow row = rawData(Map.of(
                "Event Time", "2024-02-27 07:01:52",
                "Event Name", "install",
                "Original URL", "https://app.appsflyer.com/id1?pid=x_int&clickid=" + ID + "&af_siteid=1"));

        assertThat(row.clickId()).contains(ID);
    }

    @Test
    void takesOnlyThePrimaryAttributionForCounted() {
        for (String primary : List.of("false", "FALSE", "null", "")) {
            assertThat(rawData(Map.of("Event Time", "2024-02-27 07:01:52", "Is Primary Attribution", primary))
                            .standing())
                    .as(primary)
                    .isEqualTo(Standing.NOT_PRIMARY);
        }
        assertThat(rawData(Map.of("Event Time", "2024-02-27 07:01:52", "Is Primary Attribution", "TRUE"))
                        .standing())
                .isEqualTo(Standing.COUNTED);
    }

    @Test
    void takesAnEmptyRevenueForNoneThoughTheCurrencySaysSomething() {
        TrackerRow row = rawData(Map.of("Event Time", "2024-02-27 07:01:52", "Event Revenue Currency", "USD"));

        assertThat(row.amount()).isEmpty();
        assertThat(row.note()).isEmpty();
        assertThat(row.clickId()).isEmpty();
    }

    @Test
    void readsAppsFlyersPostbackReport() {
        List<String> headers = new ArrayList<>(RAW_DATA);
        headers.addAll(List.of(
                "Postback URL",
                "Postback Method",
                "Postback Http Response Code",
                "Postback Error Message",
                "Postback Retry"));
        List<TrackerRow> rows = read(
                Tracker.appsFlyer(),
                String.join(",", headers) + "\n"
                        + line(
                                headers,
                                Map.of(
                                        "Event Time", "2024-02-27 07:01:52",
                                        "Event Name", "install",
                                        "Postback URL", "https://api.example.com/postback?gk_click_id=" + ID,
                                        "Postback Http Response Code", "503",
                                        "Postback Error Message", "Service Unavailable"))
                        + line(
                                headers,
                                Map.of(
                                        "Event Time", "2024-02-27 07:01:52",
                                        "Event Name", "install",
                                        "Postback URL", "https://api.example.com/postback?gk_click_id=(clickid)",
                                        "Postback Http Response Code", "",
                                        "Postback Error Message", "timeout",
                                        "Postback Retry", "TRUE")));

        assertThat(rows.get(0).clickId()).contains(ID);
        assertThat(rows.get(0).answerStatus()).hasValue(503);
        assertThat(rows.get(0).answerError()).contains("Service Unavailable");
        assertThat(rows.get(1).clickId()).contains("(clickid)");
        assertThat(rows.get(1).answerStatus()).isEmpty();
        assertThat(rows.get(1).answerError()).contains("timeout");
    }

    @Test
    void readsTunesConversionReportFromItsPages() {
        List<TrackerRow> rows = read(
                Tracker.tune(),
                "Partner,Offer,Status,Status Message,Payout,Revenue,Sale Amount,Transaction ID,Tune Event ID,Date / Time,Partner Sub ID 1\n"
                        + "GoKart,Spring,approved,,$1.50,$2.00,$0.00,102abc,77,2024-02-27 07:01:52," + ID + "\n"
                        + "GoKart,Spring,rejected,Daily cap,$1.50,$2.00,$0.00,102abd,78,2024-02-27 07:01:52,{aff_sub}\n"
                        + "GoKart,Spring,pending,,$1.50,$2.00,$0.00,102abe,79,2024-02-27 07:01:52,\n");

        assertThat(rows.get(0).clickId()).contains(ID);
        assertThat(rows.get(0).transactionId()).contains("102abc");
        assertThat(rows.get(0).rowId()).contains("77");
        assertThat(rows.get(0).amount()).contains(new BigDecimal("1.50"));
        assertThat(rows)
                .extracting(TrackerRow::standing)
                .containsExactly(Standing.APPROVED, Standing.REVERSED, Standing.PENDING);
        assertThat(rows.get(1).status()).contains("rejected: Daily cap");
        assertThat(rows.get(2).clickId()).isEmpty();
    }

    @Test
    void readsTunesConversionsFromItsApi() {
        List<TrackerRow> rows = read(
                Tracker.tune(),
                "Stat.ad_id,Stat.tune_event_id,Stat.datetime,Stat.affiliate_info1,Stat.goal_id,Stat.status,Stat.status_code,Stat.payout,Stat.currency\n"
                        + "102abc,77,2024-02-27 07:01:52," + ID + ",5,approved,41,1.50,EUR\n"
                        + "102abd,78,2024-02-27 07:01:52," + ID + ",5,rejected,12,1.50,EUR\n"
                        + "102abe,79,2024-02-27 07:01:52," + ID + ",5,approved,22,1.50,EUR\n"
                        + "102abc,80,2024-02-28 07:01:52," + ID + ",5,approved,52,-1.50,EUR\n");

        assertThat(rows.get(0).eventId()).contains("5");
        assertThat(rows.get(0).currency()).contains("EUR");
        assertThat(rows.get(0).transactionId()).contains("102abc");
        assertThat(rows)
                .extracting(TrackerRow::standing)
                .containsExactly(Standing.APPROVED, Standing.REJECTED, Standing.REJECTED, Standing.REJECTED);
        assertThat(rows.get(1).status()).contains("rejected (12: duplicate)");
        assertThat(rows.get(2).status()).contains("approved (22: test)");
    }

    @Test
    void readsEverflowsConversions() {
        byte[] bytes =
                ("conversion_id,conversion_unix_timestamp,click_unix_timestamp,status,transaction_id,is_event,event,sub1,payout,currency_id,error_code,error_message\n"
                                + "c1,1709017312,1709010000,approved,t1,0,Base," + ID + ",1.5,USD,0,\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);

        TrackerRow row = read(Exports.bytes(Tracker.everflow(), bytes)).get(0); // no zone needed

        assertThat(row.time()).contains(Instant.parse("2024-02-27T07:01:52Z"));
        assertThat(row.clickId()).contains(ID);
        assertThat(row.transactionId()).contains("t1");
        assertThat(row.rowId()).contains("c1");
        assertThat(row.amount()).contains(new BigDecimal("1.5"));
        assertThat(row.currency()).contains("USD");
    }

    @Test
    void looksForTheClickIdWhereTheHostSays() {
        byte[] bytes = ("Event Time,Event Name,Sub Param 1,Sub Param 2\n1709017312,install,campaign," + ID + "\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThat(read(Exports.bytes(Tracker.appsFlyer(), bytes).column(Field.CLICK_ID, "sub param 2"))
                        .get(0)
                        .clickId())
                .contains(ID);
    }
}
