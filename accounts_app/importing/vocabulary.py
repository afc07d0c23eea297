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
    "account status": {
        "active": (
            "active; a; open; current; customer; client; active customer; existing customer; evangelist; aktiv; kunde; "
            "bestandskunde; actif; client actif; en activite"
        ),
        "prospect": (
            "prospect; p; lead; potential; target; opportunity; subscriber; marketing qualified lead; "
            "sales qualified lead; marketingqualifiedlead; salesqualifiedlead; interessent; potentieller kunde; "
            "neukunde; potentiel; piste"
        ),
        "former": (
            "former; inactive; i; closed; churned; lost; blocked; former customer; ex customer; ehemalig; "
            "ehemaliger kunde; inaktiv; gesperrt; verloren; geschlossen; ancien; ancien client; inactif; perdu; ferme; "
            "bloque"
        ),
    },
    "inquiry kind": {
        "quotation": (
            "quotation; quote; rfq; request for quotation; request for quote; rfp; tender; bid; offer; new business; "
            "existing business; newbusiness; existingbusiness; angebot; angebotsanfrage; anfrage; ausschreibung; "
            "devis; demande de devis; offre; appel d offres"
        ),
        "consultation": (
            "consultation; technical; technical consultation; advice; sample; support; development; beratung; "
            "technische beratung; technische anfrage; muster; konsultation; conseil; technique; "
            "consultation technique; demande technique; echantillon"
        ),
    },
    "inquiry outcome": {
        "open": (
            "open; new; pending; in progress; submitted; sent; quoted; draft; prospecting; qualification; qualified; "
            "needs analysis; value proposition; id decision makers; perception analysis; proposal price quote; "
            "proposal; negotiation review; negotiation; appointmentscheduled; qualifiedtobuy; presentationscheduled; "
            "decisionmakerboughtin; contractsent; offen; neu; in bearbeitung; angeboten; abgegeben; laufend; ouvert; "
            "ouverte; nouveau; en cours; en attente; envoye"
        ),
        "won": (
            "won; closed won; closedwon; accepted; awarded; ordered; order received; success; gewonnen; erhalten; "
            "auftrag; auftrag erhalten; bestellt; beauftragt; angenommen; gagne; gagnee; accepte; remporte; commande"
        ),
        "lost": (
            "lost; closed lost; closedlost; rejected; declined; cancelled; canceled; expired; no bid; verloren; "
            "abgelehnt; absage; storniert; verfallen; perdu; perdue; refuse; annule; rejete; sans suite"
        ),
        "elsewhere": (
            "elsewhere; awarded elsewhere; awarded elsewhere without us; without us; not asked; bypassed; "
            "ohne uns vergeben; anderweitig vergeben; fremdvergabe; nicht angefragt; attribue ailleurs; ailleurs; "
            "sans nous"
        ),
    },
    "change event kind": {
        "new_executive": (
            "new executive; new ceo; new management; management change; executive change; leadership change; ceo "
            "change; new buyer; neue geschaeftsfuehrung; geschaeftsfuehrerwechsel; fuehrungswechsel; "
            "managementwechsel; neuer geschaeftsfuehrer; neue fuehrung; nouveau dirigeant; nouvelle direction; "
            "changement de direction"
        ),
        "merger": (
            "merger; acquisition; merger or acquisition; m a; takeover; acquired; fusion; uebernahme; zukauf; rachat; "
            "reprise"
        ),
        "divestiture": (
            "divestiture; divestment; spin off; carve out; sale of business; sold; ausgliederung; abspaltung; "
            "verkauf; teilverkauf; cession; scission"
        ),
        "restructuring": (
            "restructuring; reorganisation; reorganization; site closure; layoffs; insolvency; umstrukturierung; "
            "restrukturierung; standortschliessung; stellenabbau; insolvenz; restructuration; licenciements; "
            "fermeture de site"
        ),
        "market_shift": (
            "market shift; market change; market; demand change; regulation; marktverschiebung; marktveraenderung; "
            "markt; nachfrageaenderung; regulierung; evolution du marche; marche; reglementation"
        ),
        "product_launched": (
            "product launched; product launch; launch; new product; produkteinfuehrung; neues produkt; "
            "markteinfuehrung; lancement; lancement de produit; nouveau produit"
        ),
        "product_cancelled": (
            "product cancelled; product canceled; product discontinued; discontinued; end of life; eol; "
            "produkteinstellung; abkuendigung; auslauf; produkt eingestellt; arret de produit; fin de vie; "
            "produit abandonne"
        ),
        "litigation": (
            "litigation; lawsuit; legal dispute; legal; rechtsstreit; klage; prozess; litige; proces; contentieux"
        ),
    },
    "loss reason": {
        "need_gone": (
            "need gone; no need; no demand; no longer needed; project ended; discontinued; bedarf entfallen; "
            "kein bedarf; projektende; plus de besoin; besoin disparu; fin de projet"
        ),
        "competitor": (
            "competitor; competition; lost to competitor; price; pricing; too expensive; wettbewerb; wettbewerber; "
            "konkurrenz; preis; concurrent; concurrence; prix"
        ),
        "our_side": (
            "our side; our fault; service; quality; delivery; relationship; poor service; product fit; unsererseits; "
            "eigenverschulden; qualitaet; lieferung; notre fait; de notre fait; qualite; livraison"
        ),
        "beyond_control": (
            "beyond control; beyond our control; insolvency; bankruptcy; closure; site closed; force majeure; "
            "sanctions; acquired; merger; hoehere gewalt; insolvenz; schliessung; uebernahme; standortschliessung; "
            "faillite; fermeture; rachat; hors de notre controle"
        ),
    },
    "duty": {
        "owner": (
            "owner; o; account owner; account manager; key account manager; kam; am; primary; main; responsible; "
            "betreuer; hauptbetreuer; verantwortlich; verantwortlicher; inhaber; responsable; titulaire; principal"
        ),
        "deputy": (
            "deputy; d; backup; stand in; secondary; second; assistant; stellvertreter; stellvertretung; vertretung; "
            "vertreter; suppleant; adjoint; remplacant; secondaire"
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
