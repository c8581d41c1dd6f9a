package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The binary form of rows in a {@link Scratch}. */
final class RowCodec {
    private static final int OURS = 0;
    private static final int THEIRS = 1;
    private static final int UNREADABLE = 2;

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    RowCodec(List<String> sources) {
        this.names = List.copyOf(sources);
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
    }

    void write(DataOutputStream out, TrackerRow row) throws IOException {
        Integer number = numbers.get(row.source());
        if (number == null) {
            throw new IllegalArgumentException(
                    "A row names the source '" + row.source() + "', but its source is one of " + names);
        }
        out.writeByte(row.time().isPresent() ? THEIRS : UNREADABLE);
        out.writeShort(number);
        out.writeLong(row.line());
        if (row.time().isEmpty()) {
            text(out, row.problem());
            return;
        }
        time(out, row.time().get());
        out.writeBoolean(row.otherTime().isPresent());
        if (row.otherTime().isPresent()) {
            time(out, row.otherTime().get());
        }
        text(out, row.clickId());
        text(out, row.transactionId());
        text(out, row.eventId());
        text(out, row.rowId());
        amount(out, row.amount());
        text(out, row.currency());
        out.writeUTF(row.standing().name());
        text(out, row.status());
        out.writeInt(row.answerStatus().orElse(0));
        text(out, row.answerError());
        text(out, row.note());
        out.writeBoolean(row.isInDoubt());
    }

    void write(DataOutputStream out, Conversion conversion) throws IOException {
        out.writeByte(OURS);
        uuid(out, conversion.conversionId());
        uuid(out, conversion.attemptId());
        uuid(out, conversion.clickId().uuid());
        out.writeUTF(conversion.offerId());
        out.writeUTF(conversion.memberId());
        uuid(out, conversion.memberScope());
        time(out, conversion.convertedAt());
        text(out, conversion.eventId());
        text(out, conversion.transactionId());
        amount(out, conversion.payout());
        text(out, conversion.currency().map(Currency::getCurrencyCode));
        text(out, conversion.callKey());
        out.writeUTF(conversion.status().name());
        out.writeInt(conversion.revision());
        optionalTime(out, conversion.approvedAt());
        optionalTime(out, conversion.reversedAt());
        optionalTime(out, conversion.reinstatedAt());
    }

    void read(DataInputStream in, Consumer<TrackerRow> theirs, Consumer<Conversion> ours) throws IOException {
        switch (in.readByte()) {
            case OURS -> ours.accept(conversion(in));
            case THEIRS -> theirs.accept(row(in));
            default -> {
                String source = names.get(in.readShort());
                long line = in.readLong();
                String problem = text(in);
                theirs.accept(TrackerRow.unreadable(source, line, problem == null ? "" : problem));
            }
        }
    }

    private TrackerRow row(DataInputStream in) throws IOException {
        return TrackerRow.builder(names.get(in.readShort()), in.readLong(), time(in))
                .otherTime(in.readBoolean() ? time(in) : null)
                .clickId(text(in))
                .transactionId(text(in))
                .eventId(text(in))
                .rowId(text(in))
                .amount(amount(in), text(in))
                .standing(TrackerRow.Standing.valueOf(in.readUTF()), text(in))
                .answer(in.readInt(), text(in))
                .note(text(in))
                .inDoubt(in.readBoolean())
                .build();
    }

    private static Conversion conversion(DataInputStream in) throws IOException {
        Conversion.Builder builder = Conversion.builder(uuid(in))
                .attemptId(uuid(in))
                .credits(ClickId.of(uuid(in)), in.readUTF(), in.readUTF())
                .memberScope(uuid(in))
                .convertedAt(time(in))
                .eventId(text(in))
                .transactionId(text(in))
                .payout(amount(in));
        String currency = text(in);
        return builder.currency(currency == null ? null : Currency.getInstance(currency))
                .callKey(text(in))
                .status(ConversionStatus.valueOf(in.readUTF()), in.readInt())
                .changedAt(optionalTime(in), optionalTime(in), optionalTime(in))
                .build();
    }

    private static void uuid(DataOutputStream out, UUID uuid) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void time(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static Instant time(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static void optionalTime(DataOutputStream out, Optional<Instant> time) throws IOException {
        out.writeBoolean(time.isPresent());
        if (time.isPresent()) {
            time(out, time.get());
        }
    }

    private static @Nullable Instant optionalTime(DataInputStream in) throws IOException {
        return in.readBoolean() ? time(in) : null;
    }

    private static void text(DataOutputStream out, Optional<String> text) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) {
            out.writeUTF(text.get());
        }
    }

    private static @Nullable String text(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    private static void amount(DataOutputStream out, Optional<BigDecimal> amount) throws IOException {
        byte[] digits = amount.map(value -> value.unscaledValue().toByteArray()).orElse(new byte[0]);
        out.writeInt(digits.length);
        out.write(digits);
        out.writeInt(amount.map(BigDecimal::scale).orElse(0));
    }

    private static @Nullable BigDecimal amount(DataInputStream in) throws IOException {
        byte[] digits = in.readNBytes(in.readInt());
        int scale = in.readInt();
        return digits.length == 0 ? null : new BigDecimal(new BigInteger(digits), scale);
    }
}
