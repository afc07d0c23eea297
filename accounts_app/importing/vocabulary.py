"""Words of other systems for the few words used here; compared without case, accents and punctuation."""

VOCABULARY: dict[str, dict[str, str]] = {
    "tier": {
        "strategic": "strategic; a; a+; 1; platinum; top; strategisch; strategique; tier 1",
        "key": "key; b; 2; gold; key account; schluesselkunde; schluessel; cle; compte cle; grand compte; tier 2",
        "significant": "significant; c; 3; silver; important; bedeutend; wichtig; significatif; tier 3",
        "other": "other; d; 4; bronze; standard; small; sonstige; uebrige; normal; autre; autres; tier 4",
    },
    "level": {
        "executive": (
            "executive; exec; c level; c suite; vp; director; board; owner; geschaeftsfuehrung; vorstand; "
            "direktion; leitung; direction; dirigeant; cadre dirigeant"
        ),
        "management": (
            "management; manager; middle management; senior; head; bereichsleitung; abteilungsleitung; "
            "fuehrungskraft; encadrement; cadre; responsable"
        ),
        "operational": (
            "operational; operations; staff; employee; individual contributor; entry; user; sachbearbeitung; "
            "mitarbeiter; operativ; operationnel; employe; collaborateur"
        ),
    },
    "role": {
        "decision_maker": (
            "decision maker; decisionmaker; economic buyer; buyer; budget holder; approver; executive sponsor; "
            "entscheider; einkaeufer; decideur; acheteur"
        ),
        "influencer": (
            "influencer; evaluator; technical buyer; recommender; beeinflusser; einflussnehmer; prescripteur; "
            "influenceur"
        ),
        "champion": "champion; sponsor; coach; advocate; fuersprecher; unterstuetzer; allie",
        "gatekeeper": "gatekeeper; assistant; blocker; procurement; pfoertner; filtre",
        "user": "user; end user; business user; other; anwender; nutzer; utilisateur; utilisateur final",
    },
    "channel": {
        "visit": (
            "visit; meeting; on site; onsite; in person; face to face; field visit; event visit; besuch; termin; "
            "treffen; vor ort; visite; rendez vous; rdv; reunion"
        ),
        "call": (
            "call; phone; phone call; telephone; inbound call; outbound call; anruf; telefon; telefonat; appel; "
            "appel telephonique"
        ),
        "video": (
            "video; video call; videocall; web meeting; online meeting; teams; zoom; webex; videokonferenz; "
            "visio; visioconference"
        ),
        "mail": "mail; email; e mail; letter; message; note; task; e post; brief; courriel; courrier",
        "event": (
            "event; fair; trade fair; conference; seminar; workshop; messe; veranstaltung; schulung; salon; "
            "evenement; formation"
        ),
    },
    "initiator": {
        "us": "us; we; outbound; outgoing; supplier; sales; internal; wir; ausgehend; nous; sortant",
        "them": "them; they; inbound; incoming; customer; client; external; kunde; sie; eingehend; eux; entrant",
    },
    "purpose": {
        "proactive": (
            "proactive; check in; touchpoint; relationship; courtesy; follow up; proaktiv; kontaktpflege; "
            "beziehungspflege; suivi; relationnel; proactif"
        ),
        "order": (
            "order; sales; quote; quotation; offer; purchase; bestellung; auftrag; angebot; commande; devis; offre"
        ),
        "incident": (
            "incident; complaint; support; issue; problem; claim; reklamation; stoerung; beschwerde; reclamation; "
            "panne; litige"
        ),
        "renewal": (
            "renewal; contract; negotiation; verlaengerung; vertrag; verhandlung; renouvellement; contrat; negociation"
        ),
        "consultation": (
            "consultation; technical; advice; training; demo; beratung; technik; conseil; technique; demonstration"
        ),
        "review": (
            "review; qbr; business review; quarterly review; audit; jahresgespraech; quartalsgespraech; revue; "
            "bilan; revue de compte"
        ),
    },
    "interaction state": {
        "done": (
            "done; completed; complete; closed; held; finished; erledigt; abgeschlossen; durchgefuehrt; fait; "
            "effectue; termine; realise"
        ),
        "planned": (
            "planned; scheduled; open; not started; in progress; pending; geplant; offen; prevu; planifie; a faire"
        ),
        "attempted": (
            "attempted; no answer; no show; left voicemail; left message; busy; wrong number; nicht erreicht; "
            "versucht; sans reponse; tente; absent"
        ),
        "voided": "voided; cancelled; canceled; deleted; rescheduled; storniert; abgesagt; annule; supprime",
    },
    "severity": {
        "critical": (
            "critical; 1; p1; 1 critical; urgent; highest; blocker; very high; emergency; kritisch; dringend; "
            "sehr hoch; critique; urgente; tres haute; bloquant"
        ),
        "major": (
            "major; 2; p2; 2 high; high; important; hoch; schwer; wesentlich; majeur; majeure; haute; elevee; grave"
        ),
        "minor": (
            "minor; 3; 4; 5; p3; p4; p5; 3 moderate; 4 low; moderate; medium; normal; low; lowest; trivial; none; "
            "gering; niedrig; mittel; leicht; mineur; mineure; moyenne; basse; faible; normale"
        ),
    },
    "incident kind": {
        "delivery": (
            "delivery; logistics; shipping; shipment; late delivery; transport; lieferung; logistik; versand; "
            "lieferverzug; livraison; expedition; logistique"
        ),
        "quality": (
            "quality; defect; non conformity; material; qualitaet; mangel; fehler; qualite; defaut; non conformite"
        ),
        "invoice": (
            "invoice; billing; payment; price; rechnung; abrechnung; zahlung; preis; facture; facturation; "
            "paiement; prix"
        ),
        "technical": (
            "technical; incident; bug; problem; outage; question; support; failure; technik; technisch; stoerung; "
            "ausfall; technique; panne; incident technique"
        ),
        "complaint": (
            "complaint; claim; other; beschwerde; reklamation; sonstiges; reclamation; plainte; autre; service request"
        ),
    },
    "incident state": {
        "open": (
            "open; new; active; pending; hold; on hold; in progress; reopened; awaiting user info; awaiting "
            "vendor; awaiting problem; awaiting evidence; to do; offen; neu; in bearbeitung; wartend; ouvert; "
            "nouveau; en cours; en attente"
        ),
        "closed": (
            "closed; resolved; solved; done; completed; cancelled; canceled; deleted; geschlossen; geloest; "
            "erledigt; abgeschlossen; ferme; clos; resolu; termine"
        ),
    },
    "flag": {
        "t": "true; t; yes; y; 1; x; primary; main; ja; wahr; oui; vrai; o",
        "f": "false; f; no; n; 0; nein; falsch; non; faux",
    },
    "tone": {
        "1": "1; +1; positive; good; happy; positiv; gut; positif; bon; satisfied",
        "0": "0; neutral; ok; neutre; mixed",
        "-1": "-1; negative; bad; unhappy; negativ; schlecht; negatif; mauvais; dissatisfied; angry",
    },
}

# A contact's level, where the file has only a job title: first match in this order. Regular expressions of PostgreSQL.
EXECUTIVE_TITLES = (
    r"\m("
    r"ceo|cfo|coo|cto|cio|chief|president|president[e]?|owner|founder|partner|vp|vice|"
    r"director|managing|board|inhaber(in)?|gesch[aä]ftsf[uü]hr\w*|vorstand|direktor\w*|"
    r"pr[eé]sident\w*|directeur|directrice|g[eé]rant\w*|pdg|proprietaire|propri[eé]taire"
    r")\M"
)
MANAGEMENT_TITLES = (
    r"\m("
    r"manager\w*|head|lead|leader|supervisor|superintendent|controller|leiter(in)?|"
    r"\w+leiter(in)?|leitung|chef|cheffe|responsable|meister|teamleiter\w*"
    r")\M"
)
