"""Computes vectors.tsv: calls of the systems in the table of callers, signed without any code of the library.

Columns: system, case, secret, method, URL, headers (separated by " | "), body. Published examples are copied, not computed.
"""
import base64
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
from urllib.parse import quote, quote_plus, unquote_plus

CLICK = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"
B = "https://pub.example/pb"
rows = []


def add(system, case, secret, url, headers=(), body=None):
    rows.append([system, case, secret, "GET" if body is None else "POST", url, " | ".join(headers), body or ""])


def digest(algorithm, text):
    return hashlib.new(algorithm, text.encode()).hexdigest()


def mac(algorithm, key, text):
    return hmac.new(key if isinstance(key, bytes) else key.encode(), text.encode(), algorithm)


def query(pairs):
    return "&".join(k + "=" + v for k, v in pairs)


def cases(system, secret, make, credit, **others):
    """Each case changes some raw values of the credit; None takes a parameter away."""
    for case, changes in {"credit": {}, **others}.items():
        pairs = [(k, changes.get(k, v)) for k, v in credit]
        pairs += [(k, v) for k, v in changes.items() if k not in dict(credit)]
        make(system, case, secret, [(k, v) for k, v in pairs if v is not None])


def by_digest(algorithm, recipe, name):
    def make(system, case, secret, pairs):
        add(system, case, secret, B + "?" + query(pairs) + "&" + name + "=" + digest(algorithm, recipe(dict(pairs), secret)))
    return make


def by_mac(algorithm, recipe, name):
    def make(system, case, secret, pairs):
        add(system, case, secret, B + "?" + query(pairs) + "&" + name + "=" + mac(algorithm, secret, recipe(dict(pairs))).hexdigest())
    return make


def of_url(algorithm, name):
    def make(system, case, secret, pairs):
        url = B + "?" + query(pairs)
        add(system, case, secret, url + "&" + name + "=" + mac(algorithm, secret, url).hexdigest())
    return make


def plain(name):
    def make(system, case, secret, pairs):
        add(system, case, secret, B + "?" + query(pairs + [(name, secret)]))
    return make


cases("Tapjoy", "S3CRET", by_digest("md5", lambda p, s: ":".join([p["id"], p["snuid"], p["currency"], s]), "verifier"),
      [("snuid", CLICK), ("currency", "100"), ("id", "t+1"), ("mac_address", "0")], reversal={"currency": "-100"})

cases("Unity Ads", "KEY", by_mac("md5", lambda p: ",".join(k + "=" + p[k] for k in sorted(p)), "hmac"),
      [("productid", "1234"), ("sid", CLICK), ("oid", "t+1")])
add("Unity Ads", "published", "xyzKEY",
    B + "?productid=1234&sid=1234567890&oid=0987654321&hmac=106ed4300f91145aff6378a355fced73")

cases("ironSource", "PRIVATE",
      by_digest("md5", lambda p, s: p["timestamp"] + p["transaction_id"] + p["gk_click_id"] + p["payout"] + s, "signature"),
      [("gk_click_id", CLICK), ("transaction_id", "ev-1"), ("payout", "5"), ("timestamp", "2026112617")],
      reversal={"negativeCallback": "true"}, unknown={"negativeCallback": "perhaps"})


def applovin(system, case, secret, pairs):
    pairs.insert(2, ("event_token", digest("sha1", dict(pairs)["transaction_id"] + secret)))
    add(system, case, secret, B + "?" + query(pairs))


cases("AppLovin MAX", "EVENTKEY", applovin, [("gk_click_id", CLICK), ("transaction_id", "t+1"), ("amount", "1")])

cases("AdGem v2", "PBKEY", of_url("sha256", "verifier"),
      [("gk_click_id", CLICK), ("transaction_id", "t%201"), ("name", "a%2Fb")])


def of_body(system, case, secret, pairs):
    body = "{" + ",".join('"%s":"%s"' % pair for pair in pairs) + "}"
    add(system, case, secret, B + "?x=1", ["Signature: " + mac("sha256", secret, body).hexdigest()], body)


cases("AdGem v3", "PBKEY", of_body, [("player_id", CLICK), ("transaction_id", "t 1"), ("amount", "5")])

cases("BitLabs", "BLSECRET", of_url("sha1", "hash"),
      [("gk_click_id", CLICK), ("transaction_id", "t+1"), ("payout", "500"), ("status", "COMPLETE")],
      reversal={"status": "RECONCILIATION", "payout": "-500"}, unknown={"status": "SOMETHING"},
      negative={"payout": "-500"})
add("BitLabs", "published", "JLOIAUNMHFli7ZJOQVEzm98rzqnm9",
    "https://publisher.com/complete?uid=8cc877ee-af19-488d-b28d-216fb866b996&val=500"
    "&hash=dbcd6bb8ca677344592842a52b4fca9bec36cd4b")


def ayet(system, case, secret, pairs):
    text = "&".join(quote_plus(k) + "=" + quote_plus(unquote_plus(v)).replace("~", "%7E") for k, v in sorted(pairs))
    add(system, case, secret, B + "?" + query(pairs),
        ["X-Ayetstudios-Security-Hash: " + mac("sha256", secret, text).hexdigest()])


cases("ayeT-Studios", "APIKEY", ayet,
      [("transaction_id", "t+1"), ("external_identifier", CLICK), ("custom", "a+b%2Fc%7E"), ("is_chargeback", "0")],
      reversal={"is_chargeback": "1"}, unknown={"is_chargeback": "2"})


def fyber(system, case, secret, pairs):
    p = dict(pairs)
    add(system, case, secret, B + "?sid=" + digest("sha1", secret + p["uid"] + p["amount"] + p["_trans_id_"] + p["pub0"])
        + "&" + query(pairs))


cases("Digital Turbine", "TOKEN", fyber, [("uid", CLICK), ("amount", "10"), ("_trans_id_", "t+1"), ("pub0", "p0")])

ORDER = ["gk_click_id", "payout", "request_uuid", "status", "term_reason", "timestamp", "transaction_id"]


def pollfish(system, case, secret, pairs):
    p = {k: unquote_plus(v) for k, v in pairs}
    text = ":".join(p[k] for k in ORDER if k in p and (k != "request_uuid" or p[k]))
    signature = base64.b64encode(mac("sha1", secret, text).digest()).decode()
    names = [k for k, v in pairs]
    pairs.insert(names.index("transaction_id") + 1, ("signature", quote(signature, safe="")))
    add(system, case, secret, B + "?" + query(pairs))


POLLFISH = [("gk_click_id", CLICK), ("payout", "120"), ("request_uuid", "req-5"), ("term_reason", ""),
            ("timestamp", "1700000000"), ("transaction_id", "t+1")]
cases("Pollfish", "PFSECRET", pollfish, POLLFISH + [("status", "done"), ("debug", "false")],
      unknown={"status": "other"}, test={"debug": "true"}, **{"empty request_uuid": {"request_uuid": ""}})
cases("Pollfish reversals", "PFSECRET", pollfish, [pair for pair in POLLFISH if pair[0] != "request_uuid"])

cases("AdColony", "SECRET",
      by_digest("md5", lambda p, s: p["id"] + p["uid"] + p["amount"] + p["currency"] + s + p["custom_id"], "verifier"),
      [("id", "t+1"), ("uid", "u-1"), ("zone", "z"), ("amount", "5"), ("currency", "Coins"), ("custom_id", CLICK)])

cases("Lootably", "SECRET",
      by_digest("sha256", lambda p, s: p["userID"] + p["ip"] + p["revenue"] + p["currencyReward"] + s, "hash"),
      [("userID", CLICK), ("ip", "203.0.113.77"), ("revenue", "1.5"), ("currencyReward", "150"),
       ("transactionID", "t+1"), ("status", "1")],
      reversal={"status": "0"}, unknown={"status": "7"})

cases("CPX Research", "SECRET", by_digest("md5", lambda p, s: p["trans_id"] + "-" + s, "hash"),
      [("trans_id", "t+1"), ("user_id", CLICK), ("amount", "5"), ("status", "1")],
      reversal={"status": "2"}, unknown={"status": "7"})

cases("TimeWall", "SECRET", by_digest("sha256", lambda p, s: p["userID"] + p["revenue"] + s, "hash"),
      [("userID", CLICK), ("transactionID", "t+1"), ("revenue", "1.5"), ("currencyAmount", "3")],
      reversal={"revenue": "-1.5", "currencyAmount": "-3"}, unknown={"revenue": "(1.5)"},
      negative={"currencyAmount": "-3"}, **{"unknown amount": {"currencyAmount": "(3)"}})

cases("Wannads", "SECRET", by_digest("md5", lambda p, s: p["subId"] + p["transId"] + p["reward"] + s, "signature"),
      [("subId", CLICK), ("transId", "t+1"), ("reward", "5"), ("status", "1")],
      reversal={"status": "2"}, unknown={"status": "7"})

cases("OfferToro", "SECRET", by_digest("md5", lambda p, s: p["oid"] + "-" + p["user_id"] + "-" + s, "sig"),
      [("oid", "77"), ("user_id", CLICK), ("id", "t+1"), ("amount", "5")], reversal={"amount": "-5"})

cases("OfferDaddy", "APPKEY", by_digest("md5", lambda p, s: p["tid"] + "/" + p["offer"] + "/" + s, "signature"),
      [("tid", "t+1"), ("offer", "o-2"), ("user", CLICK), ("amount", "5")], reversal={"amount": "-5"})

cases("Adscend", "SECRET",
      by_mac("md5", lambda p: query([(k, p[k]) for k in ["rate", "sub1", "transaction_id", "status", "ip"]]), "hash"),
      [("rate", "1.5"), ("sub1", CLICK), ("transaction_id", "t+1"), ("status", "1"), ("ip", "203.0.113.77"),
       ("campaign", "c")],
      reversal={"status": "2"}, unknown={"status": "7"})

cases("IGAWorks", "HASHKEY",
      by_mac("md5", lambda p: p["usn"] + p["reward_key"] + p["quantity"] + p["campaign_key"], "signed_value"),
      [("usn", CLICK), ("reward_key", "t+1"), ("quantity", "10"), ("campaign_key", "ck9")])

with tempfile.TemporaryDirectory() as directory:
    key, text, signature = (os.path.join(directory, name) for name in ["key", "text", "signature"])
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key], check=True)
    public = subprocess.run(["openssl", "ec", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout

    def admob(system, case, secret, pairs):
        signed = query(pairs)
        with open(text, "w") as file:
            file.write(signed)
        subprocess.run(["openssl", "dgst", "-sha256", "-sign", key, "-out", signature, text], check=True)
        with open(signature, "rb") as file:
            made = base64.urlsafe_b64encode(file.read()).decode().rstrip("=")
        add(system, case, secret, B + "?" + signed + "&signature=" + made + "&key_id=17")

    cases("AdMob", base64.b64encode(public).decode(), admob,
          [("ad_network", "54"), ("custom_data", CLICK), ("timestamp", "1700000000000"), ("transaction_id", "t+1")])


def json_body(headers):
    def make(system, case, secret, pairs):
        body = "{" + ",".join('"%s":"%s"' % pair for pair in pairs) + "}"
        add(system, case, secret, B, headers(secret, body), body)
    return make


cases("Singular", "", json_body(lambda secret, body: []), [("click_id", CLICK), ("event", "install")])

cases("AppsFlyer", "", lambda system, case, secret, pairs: add(system, case, secret, B + "?" + query(pairs)),
      [("gk_click_id", CLICK), ("event_id", "purchase"), ("payout", "1.5")], reversal={"payout": "-1.5"})

cases("AppsFlyer Push", "push-token-0123456789",
      lambda system, case, secret, pairs: add(system, case, secret, B + "?" + query(pairs), ["Authorization: Bearer " + secret]),
      [("clickid", CLICK), ("event", "purchase")])

PARTNER = [("gk_click_id", CLICK), ("event_id", "2"), ("transaction_id", "t+1"), ("payout", "1.5")]
cases("TUNE", "tune-token-0123456789", plain("security_token"), PARTNER + [("currency", "EUR")], reversal={"payout": "-1.5"})
cases("Everflow", "everflow-token-0123456789", plain("verification_token"), PARTNER, reversal={"payout": "-1.5"})
cases("Affise", "affise-token-0123456789", plain("secure"), PARTNER + [("currency", "EUR"), ("status", "1")],
      reversal={"status": "3"}, pending={"status": "2"}, hold={"status": "5"}, unknown={"status": "4"})

cases("Keitaro", "keitaro-key-0123456789",
      lambda system, case, secret, pairs: add(system, case, secret, "https://pub.example/" + secret + "/pb?" + query(pairs)),
      [("subid", CLICK), ("status", "sale"), ("payout", "1.5"), ("currency", "EUR"), ("tid", "t+1")],
      reversal={"status": "rejected"}, unknown={"status": "lead"})


def webhook(secret, body):
    raw = base64.b64decode(secret[6:])
    made = base64.b64encode(mac("sha256", raw, "msg_1.1700000000." + body).digest()).decode()
    return ["webhook-id: msg_1", "webhook-timestamp: 1700000000", "webhook-signature: v1,other v1a,x v1," + made]


def nested(system, case, secret, pairs):
    p = dict(pairs)
    body = '{"type":"%s","timestamp":"2023-11-14T22:13:20Z","data":{"click_id":"%s"}}' % (p["type"], p["click_id"])
    add(system, case, secret, B, webhook(secret, body), body)


cases("Standard Webhooks", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", nested,
      [("type", "order.completed"), ("click_id", CLICK)], unknown={"type": "order.created"}, refund={"type": "order.refunded"})

with open(os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "vectors.tsv"), "w") as out:
    for row in rows:
        out.write("\t".join(row) + "\n")
