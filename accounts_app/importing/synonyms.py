"""How exports of ERP, CRM and ticket systems head their columns (English, German, French).

Per field, the surest header first. A header is compared without case, accents, spaces and punctuation, so that
`CustomerID`, `customer_id` and `Customer ID` are one. An entry `kind.field` overrides `field` for that kind.
"""

SYNONYMS: dict[str, str] = {
    # who
    "account": """
        account id; customer id; customer key; account key; customer number; customer no; account number;
        account no; customer code; client id; client code; client no; company id; organization id;
        organisation id; reseller key; vendor id; supplier id; sold to; sold to party; bill to customer; cust;
        cust id; cust no; customer nr; kundennummer; kunden nr; kundennr; kunde nr; kunden id; debitor;
        debitorennummer; debitornr; debitor nr; geschaeftspartner; code client; no client; numero client;
        numero de client; id client; compte client; code tiers; comp aux num; associated company ids;
        customer; account; kunde; client
    """,
    "account_name": """
        account name; customer name; company name; company; client name; organization name; organisation name;
        organization; organisation; associated company; supplier name; vendor name; supplier; sold to name;
        ship name; org name; firma; firmenname; kundenname; kunde; name des kunden; unternehmen; raison
        sociale; nom client; nom du client; societe; entreprise; denomination; comp aux lib; name; nom
    """,
    "accounts.key": """
        account id; customer id; customer key; account key; customer number; customer no; account number;
        account no; customer code; client id; client code; company id; organization id; organisation id;
        record id; reseller key; external id; kundennummer; kunden nr; kundennr; kunden id; debitor;
        debitorennummer; debitornr; debitor nr; code client; no client; numero client; numero de client; id
        client; compte client; code tiers; key; id; number; code; cust
    """,
    "accounts.name": """
        account name; customer name; company name; company; client name; organization name; organisation name;
        display name; display name as; reseller name; firma; firmenname; kundenname; name des kunden;
        unternehmen; raison sociale; nom client; nom du client; societe; entreprise; denomination; property
        name; name; nom; customer; organization
    """,
    "tier": """
        tier; account tier; customer tier; segment; class; abc class; abc; priority; rank; kundenklasse; abc
        klasse; stufe; segmentation; categorie client; classe
    """,
    "owner": """
        owner email; account owner email; owner; account owner; company owner; account manager email; account
        manager; key account manager; sales rep; sales representative; salesperson; relationship manager;
        kundenbetreuer; betreuer; verantwortlicher; vertriebsmitarbeiter; ansprechpartner intern;
        gestionnaire; commercial; charge de compte; responsable; responsable compte
    """,
    "country": """
        country; country region; billing country; country name; country code; billing country code; ship
        country; land; pays
    """,
    "account_country": """
        country; country region; billing country; country name; country code; ship country; land; pays
    """,
    "parent": """
        parent key; parent id; parent account id; parent account; parent company; parent; group; konzern;
        muttergesellschaft; maison mere; groupe
    """,
    "team": """
        team; sales team; owner team; branch; sales office; region team; vertriebsteam; team name; equipe;
        agence
    """,
    # people
    "contacts.key": """
        contact id; contact key; person id; contact no; record id; external id; key; id; kontakt id;
        kontaktnummer; id contact; code contact
    """,
    "contacts.name": """
        full name; contact name; contact person; name; display name; contact; ansprechpartner; kontaktname;
        kontakt; nom complet; interlocuteur; nom du contact; nom contact
    """,
    "first_name": "first name; given name; firstname; vorname; prenom",
    "last_name": "last name; family name; surname; lastname; nachname; familienname; nom de famille; nom",
    "email": """
        email; e mail; email address; e mail address; mail; e mail adresse; email adresse; courriel; adresse e
        mail; adresse email; adresse mail
    """,
    "phone": """
        phone; phone number; telephone; telephone number; business phone; work phone; mobile phone; mobile;
        telefon; telefonnummer; tel; handy; telephone fixe; portable
    """,
    "contacts.title": """
        job title; contact title; position; function; title; funktion; stelle; berufsbezeichnung; fonction;
        poste; intitule du poste
    """,
    "level": """
        level; seniority; management level; hierarchy level; ebene; hierarchieebene; niveau; niveau
        hierarchique
    """,
    "role": "role; buying role; stakeholder role; decision role; rolle; kaufrolle; role achat",
    "primary": """
        primary; primary contact; is primary; main contact; hauptkontakt; hauptansprechpartner; contact
        principal; principal
    """,
    "since": "since; contact since; start date; from; seit; depuis; date debut",
    "left_on": """
        left on; left; until; end date; inactive since; ausgeschieden; ausgeschieden am; bis; parti le; date
        depart; date de depart; date fin
    """,
    # what happened between us
    "interactions.key": """
        interaction id; activity id; engagement id; event id; meeting id; call id; key; record id; id;
        external id; aktivitaet id; id activite
    """,
    "happened_on": """
        happened on; activity date; meeting date; call date; visit date; interaction date; start date; start
        time; start date time; date; completed date; occurred on; datum; besuchsdatum; termin; date de visite;
        date activite; jour; timestamp; hs timestamp
    """,
    "planned_on": "planned on; planned date; scheduled on; scheduled date; geplant am; geplant; prevu le; date prevue",
    "due_on": "due on; due date; due; faellig; faellig am; faelligkeit; echeance; date echeance",
    "interactions.state": "state; status; outcome; meeting outcome; activity status; zustand; etat; statut",
    "channel": """
        channel; type; activity type; interaction type; task subtype; event subtype; medium; kanal; art;
        aktivitaetsart; canal; type activite
    """,
    "initiator": "initiator; initiated by; direction; call type; richtung; initiative; a l initiative de; sens",
    "purpose": "purpose; reason; subject type; zweck; anlass; grund; objet; motif; but",
    "contacts": """
        contacts; contact; contact keys; contact names; attendees; participants; who id; contact id;
        associated contact ids; kontakte; teilnehmer; ansprechpartner; interlocuteurs; participants client
    """,
    "by": """
        by; user; user email; owner; owner email; assigned to; organizer; created by; von; benutzer;
        mitarbeiter; bearbeiter; utilisateur; par; commercial
    """,
    "note": """
        note; notes; comment; comments; description; body; summary; subject; notiz; bemerkung; kommentar;
        notes internes; commentaire; observations; remarque
    """,
    "tone": "tone; sentiment; mood; stimmung; ton; ambiance",
    # what was bought
    "number": """
        order number; order no; order id; order key; order; sales order; sales order number; order nr; order
        ref; invoice no; invoice number; invoice id; invoice; document number; document no; sap document
        number; transaction number; receipt no; so number; purchase id; auftragsnummer; auftrag nr;
        auftragsnr; auftrag; bestellnummer; bestell nr; bestellung; rechnungsnummer; rechnungsnr; belegnummer;
        beleg nr; belegnr; no commande; numero de commande; numero commande; no de commande; commande; no
        facture; numero de facture; numero facture; no piece; numero piece; piece ref; number; key; id;
        nummer; nr; numero; no
    """,
    "ordered_on": """
        order date; ordered on; invoice date; document date; date of order; posting date; purchase date;
        booking date; date of payment; clearing date; transaction date; effective date; order date key; order
        created; ordered at; orderdate; bestelldatum; auftragsdatum; rechnungsdatum; belegdatum;
        buchungsdatum; erfassungsdatum; date de commande; date commande; date de facture; date facture; date
        piece; piece date; date du document; ecriture date; date; day; datum; tag; jour; close date; created
        date; created at; timestamp
    """,
    "amount": """
        net amount; amount net; order amount; total amount; amount; order total; grand total; total; net
        value; order value; net; value; invoice total; sales amount; revenue; extended amount; subtotal;
        gross; gross amount; nettobetrag; netto; betrag; auftragswert; nettowert; gesamtbetrag;
        rechnungsbetrag; summe; wert; umsatz; montant ht; montant net; total ht; montant; montant total; total
        ttc; montant ttc; valeur
    """,
    "order-lines.amount": """
        line amount; line total; net amount; amount; extended amount; extended price; line value; sales
        amount; net value; net; value; total; revenue; invoice line value; positionsbetrag; zeilenbetrag;
        nettobetrag; netto; betrag; gesamtpreis; nettowert; wert; umsatz; montant ht; montant ligne; montant
        net; montant; total ht; total ligne
    """,
    "currency": """
        currency; currency code; currency iso code; transaction currency; order currency; waehrung;
        waehrungscode; devise; monnaie; idevise
    """,
    "product_code": """
        product code; product id; product key; stock code; sku; item; item no; item number; item code;
        article; article no; material; material number; part number; part no; product; artikelnummer;
        artikelnr; artikel nr; artikel; materialnummer; material nr; produktnummer; produkt; reference; ref
        article; code article; reference article; code produit; produit; product 2 id
    """,
    "product_group": """
        product group; product category; product family; product line; category; category name; item group;
        material group; commodity; product class; warengruppe; produktgruppe; artikelgruppe; materialgruppe;
        hauptwarengruppe; sparte; famille; famille de produits; gamme; categorie; groupe de produits
    """,
    "quantity": """
        quantity; qty; order quantity; ordered quantity; order qty; units; pieces; menge; bestellmenge;
        anzahl; stueck; quantite; qte; qte commandee; nombre
    """,
    "unit_price": """
        unit price; price; net price; price per unit; sales price; unit price net; einzelpreis; preis;
        stueckpreis; nettopreis; vk preis; prix unitaire; pu ht; pu; prix; prix unitaire ht
    """,
    "discount": """
        discount; discount rate; discount percent; discount pct; rabatt; rabattsatz; nachlass; remise; taux de
        remise; rabais
    """,
    # what went wrong
    "incidents.number": """
        incident number; case number; ticket number; ticket id; issue key; ticket no; incident id; case id;
        claim number; complaint number; number; key; id; record id; ticketnummer; ticket nr; vorgangsnummer;
        reklamationsnummer; stoerungsnummer; fallnummer; nummer; no ticket; numero de ticket; numero ticket;
        no incident; numero incident; no reclamation; numero
    """,
    "incidents.title": """
        title; subject; summary; short description; incident title; ticket name; betreff; titel;
        kurzbeschreibung; objet; sujet; titre; description; symptom; name
    """,
    "incidents.kind": """
        kind; incident kind; case category; ticket category; category; case type; type; issue type; kategorie;
        art; typ; categorie; nature; type incident
    """,
    "severity": """
        severity; priority; ticket priority; urgency; impact; schweregrad; prioritaet; dringlichkeit; gravite;
        priorite; urgence; severite
    """,
    "opened_at": """
        opened at; opened; opened on; created at; created date; create date; created; createdate; reported at;
        eroeffnet; eroeffnet am; erstellt; erstellt am; gemeldet am; ouvert le; cree le; date ouverture; date
        de creation; date
    """,
    "acknowledged_at": """
        acknowledged at; acknowledged; first response at; first reply date; first agent reply date; first
        response; bestaetigt; bestaetigt am; erste antwort; pris en compte le; premiere reponse; accuse le
    """,
    "resolved_at": """
        resolved at; resolved; resolved on; resolution date; solved at; fixed at; geloest; geloest am;
        behoben; behoben am; resolu; resolu le; date resolution
    """,
    "closed_at": """
        closed at; closed date; closed; closed on; date closed; geschlossen; geschlossen am; abgeschlossen am;
        clos le; ferme le; date cloture; date de cloture
    """,
    "changed_at": """
        updated at; sys updated at; last modified date; updated; modified; last updated; changed at;
        geaendert; geaendert am; modifie le; date modification
    """,
    "incidents.state": """
        state; incident state; ident state; status; case status; ticket status; zustand; stand; etat; statut
    """,
    # when nothing is expected
    "quiet-periods.key": "key; id; external id",
    "quiet-periods.account": "account; account id; customer id; customer; kunde; kundennummer; client; code client",
    "from_day": "from; from day; start; start date; first day; begin; von; beginn; ab; du; debut; date debut; de",
    "until_day": "until; until day; to; end; end date; last day; bis; ende; au; fin; date fin; a",
    "quiet-periods.reason": """
        reason; name; description; title; grund; anlass; bezeichnung; beschreibung; motif; raison; libelle;
        subject
    """,
}


def headers_of(kind: str, field: str) -> tuple[str, ...]:
    """Headers under which a field of a kind of file is known, the surest first."""
    text = SYNONYMS.get(f"{kind}.{field}") or SYNONYMS.get(field, "")
    words = [" ".join(entry.split()) for entry in text.split(";")]
    return tuple(word for word in words if word) or (field.replace("_", " "),)
