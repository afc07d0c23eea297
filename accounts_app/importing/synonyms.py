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
    # what else is known of an account and of a person
    "accounts.status": """
        account status; customer status; client status; status; lifecycle stage; customer state; kundenstatus;
        kunden status; statut client; statut; etat client
    """,
    "industry": """
        industry; industry sector; sector; industry name; branche; industrie; wirtschaftszweig; industriezweig;
        secteur; secteur d activite; activite; industry code; sic description; naics description
    """,
    "mail_domain": """
        mail domain; email domain; e mail domain; company domain name; company domain; domain; domain name; domaene;
        e mail domaene; domaine; domaine e mail; nom de domaine
    """,
    "margin_share": """
        margin share; margin; margin pct; margin percent; gross margin; contribution margin; margin rate; marge;
        db quote; deckungsbeitrag prozent; deckungsbeitragsquote; rohertragsquote; taux de marge; marge brute
    """,
    "leaving_on": """
        leaving on; leaving date; last day; last working day; announced last day; retirement date; scheidet aus am;
        austritt; austritt geplant; letzter arbeitstag; letzter tag; ruhestand ab; depart prevu; date de depart
        prevue; dernier jour; depart en retraite
    """,
    "leaving_known_on": """
        leaving known on; leaving announced on; announced on; notice of leaving; angekuendigt am; austritt bekannt
        seit; bekannt seit; annonce le; depart annonce le
    """,
    "successor": """
        successor; successor name; successor key; successor email; replaced by; replacement; nachfolger;
        nachfolgerin; nachfolge; successeur; remplace par; remplacant
    """,
    "matters": """
        matters; what matters; interests; priorities; goals; aims; concerns; wichtig; was zaehlt; anliegen;
        interessen; prioritaeten; ziele; priorites; objectifs; attentes; centres d interet
    """,
    # how an incident went on
    "resolution": """
        resolution; resolution notes; close notes; close notes text; solution; fix; closure notes; loesung;
        massnahme; abhilfe; abschlussnotiz; solution apportee; action corrective; notes de cloture
    """,
    "incidents.note": """
        note; notes; work notes; internal note; internal comments; comment; comments; notiz; notizen; bemerkung;
        bemerkungen; kommentar; interne notiz; commentaire; commentaires; remarque; remarques
    """,
    "paused_from": """
        paused from; paused at; paused since; on hold since; on hold from; pending since; pausiert ab; pausiert seit;
        pause von; angehalten am; wartet seit; suspendu le; en pause depuis; pause debut
    """,
    "paused_until": """
        paused until; paused to; on hold until; resumed at; resumed; pending until; pausiert bis; pause bis;
        fortgesetzt am; wartet bis; repris le; en pause jusqu au; pause fin
    """,
    "pause_reason": """
        pause reason; reason for pause; hold reason; on hold reason; pending reason; pausengrund; wartegrund; grund
        der pause; motif de pause; motif suspension; raison de la pause
    """,
    # what was asked of us
    "inquiries.number": """
        inquiry number; inquiry no; inquiry id; rfq number; rfq no; rfq; quote number; quote no; quote id; quotation
        number; quotation no; opportunity id; opportunity number; deal id; record id; case number; anfragenummer;
        anfrage nr; anfragenr; anfrage; angebotsnummer; angebot nr; angebotsnr; no devis; numero de devis; numero
        devis; no demande; numero de demande; number; key; id; nummer; nr; numero; no
    """,
    "inquiries.contact": """
        contact; contact key; contact id; contact email; contact name; primary contact; requester; requested by; asked
        by; associated contact ids; ansprechpartner; kontakt; anfragender; interlocuteur; demandeur; contact client
    """,
    "inquiries.kind": """
        kind; inquiry kind; inquiry type; request type; opportunity type; deal type; type; art; anfrageart; typ; type
        de demande; nature
    """,
    "inquiries.title": """
        title; subject; inquiry; opportunity name; deal name; quote name; project; project name; description; name;
        betreff; titel; bezeichnung; projekt; beschreibung; objet; titre; libelle; projet; intitule
    """,
    "asked_on": """
        asked on; asked; inquiry date; rfq date; request date; requested on; received on; quote date; quotation date;
        created date; create date; created at; created; date received; date; anfragedatum; angefragt am; eingang;
        eingangsdatum; angebotsdatum; erstellt am; datum; date de demande; date demande; date du devis; recu le;
        date de reception; date de creation
    """,
    "outcome": """
        outcome; result; stage; deal stage; opportunity stage; stage name; quote status; inquiry status; status;
        ergebnis; ausgang; entscheidung; phase; zustand; resultat; issue; decision; etape; statut; etat
    """,
    "decided_on": """
        decided on; decision date; decided; close date; closed date; closed on; won on; lost on; awarded on; award
        date; entschieden am; entscheidungsdatum; entscheidung am; abschlussdatum; vergabedatum; decide le; date de
        decision; date decision; date de cloture; date cloture
    """,
    "awarded_to": """
        awarded to; winner; lost to; competitor; competitor name; main competitor; vergeben an; wettbewerber; gewinner;
        konkurrent; attribue a; gagnant; concurrent
    """,
    "inquiries.amount": """
        amount; quote amount; quoted amount; quote total; quoted value; inquiry value; expected amount; deal amount;
        opportunity amount; value; total; net amount; angebotssumme; angebotswert; betrag; wert; summe; volumen;
        montant; montant ht; montant du devis; montant devis; valeur; total ht
    """,
    # what binds us
    "contracts.number": """
        contract number; contract no; contract id; agreement number; agreement no; agreement id; contract; record id;
        vertragsnummer; vertrag nr; vertragsnr; vertrags id; vertrag; rahmenvertrag nr; no contrat; numero de contrat;
        numero contrat; contrat; number; key; id; nummer; nr; numero; no
    """,
    "contracts.title": """
        title; contract title; contract name; agreement name; subject; description; name; vertragsname; bezeichnung;
        titel; gegenstand; vertragsgegenstand; beschreibung; intitule; objet; libelle; titre
    """,
    "starts_on": """
        starts on; start date; contract start date; contract start; start; begin; begin date; effective date; valid
        from; term start; vertragsbeginn; laufzeit von; beginn; gueltig ab; startdatum; von; date de debut; date
        debut; debut; debut du contrat; date d effet; du
    """,
    "ends_on": """
        ends on; end date; contract end date; contract end; end; expiry date; expiration date; expires on; valid to;
        valid until; term end; renewal date; vertragsende; laufzeit bis; ende; gueltig bis; ablaufdatum; enddatum; bis;
        date de fin; date fin; fin; fin du contrat; date d echeance; echeance; expiration; au
    """,
    "notice_days": """
        notice days; notice period days; notice period; notice; termination notice days; days of notice;
        owner expiration notice; kuendigungsfrist tage; kuendigungsfrist in tagen; kuendigungsfrist; frist tage; preavis
        jours; preavis; delai de preavis; jours de preavis
    """,
    "no_cause": """
        no cause; may be ended any day; termination for convenience; no cause clause; without cause; jederzeit
        kuendbar; sonderkuendigungsrecht; ordentlich kuendbar jederzeit; resiliable a tout moment; resiliation libre
    """,
    "auto_renews": """
        auto renews; auto renewal; auto renew; automatic renewal; renews; evergreen; verlaengert sich; automatische
        verlaengerung; autom verlaengerung; tacite reconduction; renouvellement automatique; reconduction
    """,
    "renewal_months": """
        renewal months; renewal term; renewal term months; renewal period; renewal period months; verlaengerung monate;
        verlaengerung um monate; verlaengerungsmonate; verlaengerungszeitraum; verlaengerung; mois de renouvellement;
        duree de reconduction; reconduction mois; renouvellement mois
    """,
    "notice_received_on": """
        notice received on; notice received; notice date; termination received; terminated on; cancelled on;
        cancellation date; termination date; gekuendigt am; kuendigung eingegangen; kuendigung erhalten am;
        kuendigungseingang; kuendigungsdatum; preavis recu le; resilie le; date de resiliation; resiliation recue le
    """,
    "annual_value": """
        annual value; annual contract value; acv; arr; value per year; yearly value; contract value; annual amount;
        annual revenue; amount; value; jahreswert; wert pro jahr; jahresvolumen; jahresbetrag; vertragswert; volumen;
        betrag; valeur annuelle; montant annuel; valeur du contrat; montant; valeur
    """,
    # what happened at the account
    "change-events.key": "event id; change id; news id; record id; external id; key; id; ereignis id; id evenement",
    "change-events.kind": """
        kind; event kind; event type; change type; type of change; type; category; topic; art; ereignisart; typ;
        kategorie; thema; type evenement; type d evenement; nature; categorie
    """,
    "change-events.happened_on": """
        happened on; event date; date of event; change date; announced on; published on; date; ereignisdatum; datum;
        passiert am; am; tag; date evenement; date de l evenement; survenu le; jour
    """,
    "change-events.title": """
        title; headline; event; description; summary; news; name; titel; schlagzeile; ereignis; beschreibung; meldung;
        titre; evenement; libelle; description evenement; resume
    """,
    "change-events.source": """
        source; url; link; publication; reported by; quelle; gemeldet von; lien; origine; signale par
    """,
    # whether they would recommend us
    "surveys.key": """
        response id; answer id; survey response id; survey id; record id; external id; key; id; antwort id; umfrage id;
        id reponse
    """,
    "surveys.contact": """
        contact; contact key; contact id; contact email; contact name; respondent; respondent email; respondent name;
        recipient; recipient email; email; email address; ansprechpartner; kontakt; befragter; empfaenger; e mail;
        interlocuteur; repondant; destinataire; adresse e mail; courriel
    """,
    "surveys.asked_on": """
        asked on; asked; sent on; sent at; sent; survey date; survey sent; survey sent at; invited on; send date;
        distributed on; versendet am; gesendet am; befragt am; umfragedatum; versanddatum; envoye le; date d envoi;
        interroge le; date enquete; date de l enquete; date; datum
    """,
    "answered_on": """
        answered on; answered; responded on; responded at; response date; submitted at; submitted on; submission date;
        completed at; answer date; date submitted; beantwortet am; antwort am; antwortdatum; geantwortet am; repondu
        le; date de reponse; date reponse; soumis le
    """,
    "score": """
        score; nps score; nps; nps rating; rating; likelihood to recommend; would recommend; recommendation; answer;
        bewertung; punkte; note nps; weiterempfehlung; wert; note; score nps; recommandation; reponse
    """,
    "comment": """
        comment; comments; feedback; verbatim; reason; remarks; kommentar; anmerkung; bemerkung; begruendung;
        commentaire; commentaires; remarque; avis; verbatim client
    """,
    # what was lost
    "losses.key": "loss id; record id; external id; key; id; verlust id; id perte",
    "lost_on": """
        lost on; loss date; date lost; churn date; churned on; lost since; end date; date; verloren am; verlustdatum;
        abgang am; abwanderung am; datum; perdu le; date de perte; date perte; date
    """,
    "losses.reason": """
        reason; loss reason; churn reason; lost reason; reason for loss; cause; grund; verlustgrund; ursache;
        abwanderungsgrund; motif; raison; motif de perte; cause de perte
    """,
    "part": """
        part; part of business; business; product line; product group; scope; segment; site; teil; teilgeschaeft;
        geschaeft; bereich; produktgruppe; sparte; partie; perimetre; activite; gamme
    """,
    "went_to": """
        went to; lost to; competitor; competitor name; new supplier; ging an; verloren an; wettbewerber; konkurrent;
        neuer lieferant; parti chez; perdu au profit de; concurrent; nouveau fournisseur
    """,
    "annual_amount": """
        annual amount; amount per year; annual revenue; annual value; lost revenue; lost arr; arr lost; revenue; amount;
        value; jahresbetrag; jahresumsatz; umsatz pro jahr; verlorener umsatz; umsatz; betrag; wert; montant annuel;
        chiffre d affaires annuel; ca annuel; ca perdu; montant; valeur
    """,
    "losses.note": """
        note; notes; comment; comments; description; details; notiz; bemerkung; kommentar; beschreibung; commentaire;
        observations; remarque; details de la perte
    """,
    # our own people
    "colleagues.key": """
        employee id; employee no; employee number; staff id; staff no; personnel number; personnel no; worker id; person
        id; user id; record id; external id; key; id; personalnummer; personal nr; mitarbeiternummer; mitarbeiter nr;
        matricule; id employe; numero employe
    """,
    "colleagues.name": """
        name; full name; display name; employee name; employee; colleague; staff name; worker; user name; mitarbeiter;
        mitarbeitername; vollstaendiger name; kollege; nom complet; nom; collaborateur; employe; collegue
    """,
    "colleagues.title": """
        job title; title; position; function; role; funktion; stelle; berufsbezeichnung; rolle; fonction; poste;
        intitule du poste
    """,
    "user": """
        user; user email; login; email; e mail; email address; work email; mail; username; user principal name;
        benutzer; anmeldename; e mail adresse; utilisateur; identifiant; adresse e mail; courriel
    """,
    "hours_a_week": """
        hours a week; hours per week; weekly hours; hours for accounts; account hours; hours; capacity; wochenstunden;
        stunden pro woche; stunden je woche; stunden; kapazitaet; heures par semaine; heures hebdomadaires; heures;
        capacite
    """,
    "absent_from": """
        absent from; absence start; absence from; away from; leave start; leave from; vacation start; start date; from;
        abwesend von; abwesend ab; abwesenheit von; urlaub von; von; absent du; absence du; conge debut; debut absence;
        debut; du
    """,
    "absent_until": """
        absent until; absent to; absence end; absence until; away until; leave end; leave until; vacation end; end date;
        until; to; abwesend bis; abwesenheit bis; urlaub bis; bis; absent au; absence au; conge fin; fin absence; fin;
        au
    """,
    # who answered for whom
    "ownership.key": "ownership id; assignment id; record id; external id; key; id; zuordnung id; id affectation",
    "ownership.user": """
        user; user email; owner email; account owner email; owner; account owner; account manager email; account
        manager; key account manager; assigned to; assignee; sales rep; salesperson; email; betreuer; kundenbetreuer;
        benutzer; verantwortlicher; mitarbeiter; zugeordnet; e mail; gestionnaire; responsable; utilisateur; commercial;
        charge de compte
    """,
    "duty": """
        duty; role; assignment role; team member role; function; rolle; aufgabe; funktion; zustaendigkeit; role dans le
        compte; fonction; type d affectation
    """,
    "ownership.from_day": """
        from; from day; from date; start; start date; since; valid from; assigned on; owner since; von; ab; seit;
        beginn; gueltig ab; zugeordnet am; depuis; du; debut; date debut; date de debut; affecte le
    """,
    "ownership.until_day": """
        until; until day; to; end; end date; valid to; valid until; unassigned on; bis; ende; gueltig bis; jusqu au;
        au; fin; date fin; date de fin; fin le
    """,
    # what currencies were worth
    "rates.currency": """
        currency; currency code; from currency; source currency; foreign currency; iso code; waehrung; waehrungscode;
        von waehrung; fremdwaehrung; devise; monnaie; code devise; devise source
    """,
    "valid_on": """
        valid on; valid from; rate date; date; as of; effective date; exchange rate date; day; time period; gueltig ab;
        gueltig am; kursdatum; stichtag; datum; tag; date de validite; date du cours; date du taux; valable le; date
        d effet; jour
    """,
    "rate": """
        rate; exchange rate; conversion rate; fx rate; spot rate; kurs; wechselkurs; umrechnungskurs; devisenkurs;
        preisnotierung; taux; taux de change; cours; cours de change
    """,
    "inverse": """
        inverse; inverse rate; indirect rate; units per base; units per unit of company currency; obs value;
        mengennotierung; kurs mengennotierung; inverser kurs; taux inverse; cours au certain
    """,
    "rates.source": "source; rate source; provider; rate type; bank; quelle; kursquelle; kurstyp; origine; type cours",
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
