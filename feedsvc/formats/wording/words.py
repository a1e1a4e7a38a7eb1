"""The words by which plain text shows what a line is: wires, roles, labels, furniture, in several languages."""

from __future__ import annotations


def phrases(table: str) -> frozenset[str]:
    """The phrases of *table*, which ``|`` parts."""
    return frozenset(" ".join(phrase.split()) for phrase in table.split("|"))


WIRES = phrases(
    """
    aap|abna|adnkronos|aff|afp|agence france presse|agence france-presse|agencies|agency|agerpres|ana|
    anadolu agency|aa|ani|ansa|antara|ap|apa|ap news|asian news international|associated press|the associated press|
    ats|australian associated press|azertac|bangladesh sangbad sangstha|bbc|bbc news|belga|bernama|bloomberg|bss|
    business wire|businesswire|canadian press|the canadian press|cnn|cnn arabic|cnn business|cnn money|cnn sport|cns|cp|
    deutsche presse-agentur|dpa|dw|efe|europa press|globenewswire|ians|ifp|ina|indo-asian news service|
    inter press service|
    interfax|ips|irna|itar-tass|jiji press|kuna|kyodo|kyodo news|lusa|map|mena|mti|news agencies|ntb|pa|pa media|pap|
    pr newswire|prnewswire|press association|the press association|press trust of india|ptb|pti|qna|reuter|reuters|
    reuters life!|ria novosti|rna|ritzau|sana|sda|sid|
    spa|sputnik|stt|tanjug|tass|tt|ukrinform|unb|united news of bangladesh|
    united press international|uni|upi|vna|wam|wafa|xinhua|xinhua news agency|yonhap|yonhap news agency|
    এএফপি|রয়টার্স|বাসস|ইউএনবি|এপি|أ ف ب|أ.ف.ب|رويترز|واس|وام|سانا|وكالات|新华社|法新社|路透社|美联社|тасс|интерфакс|
    共同|共同通信|時事|時事通信|ロイター|연합뉴스|ایرنا|ایسنا|رویترز|
    рейтер|риа новости|وكالة فرانس برس|وكالة الأناضول|وكالة رويترز
    """
)
WIRE_BEGINNINGS = (
    # Those of news: "وكالة الطاقة" and "агентство по туризму" begin sentences.
    *("وكالة أنباء ", "وكالة الأنباء ", "وكالة انباء ", "وكالة الانباء ", "خبرگزاری ", "خبرگزاري "),
    *("агентство новостей ", "информационное агентство ", "информагентство "),
)
WIRE_WORDS = 4
"""How many words a name with such a beginning has at most: a sentence may begin so as well."""
WIRE_ENDINGS = (" news agency", " press agency", " news service", " newswire", " wire service", " news network")

ROLES = (
    "correspondent",
    "correspondents",
    "reporter",
    "reporters",
    "staff writer",
    "sports writer",
    "writer",
    "columnist",
    "desk",
    "bureau",
    "editor",
    "newsroom",
    "staff",
    "contributor",
    "প্রতিবেদক",
    "প্রতিনিধি",
    "সংবাদদাতা",
    "ডেস্ক",
    "প্রতিবেদন",
    "संवाददाता",
    "ब्यूरो",
    "डेस्क",
    "корреспондент",
    "редакция",
    "مراسل",
    "المراسل",
    "记者",
    "記者",
    "기자",
    "특파원",
)

BY = ("By", "BY", "by", "Von", "VON", "Par", "PAR", "Por", "POR", "Di", "De", "Door", "Av", "Af", "Autor:", "Автор:")
BY_LABELS = (
    "Written by",
    "Reported by",
    "Reporting by",
    "Posted by",
    "Text:",
    "Byline:",
    "Author:",
    "By:",
    "বাই",
    "بقلم",
    "بقلم:",
    "كتب:",
    "كتبت:",
    "إعداد:",
    "تحریر:",
    "نویسنده:",
    "लेखक:",
    "מאת",
    "מאת:",
    "Автор",
    "文/",
)

PUBLISHED = (
    "published on",
    "published at",
    "published",
    "date published",
    "publish date",
    "publication date",
    "posted on",
    "posted at",
    "posted",
    "first published",
    "issued",
    "date",
    "প্রকাশিত",
    "প্রকাশ",
    "প্রকাশের সময়",
    "publié le",
    "veröffentlicht am",
    "veröffentlicht",
    "publicado el",
    "publicado em",
    "publicado",
    "pubblicato il",
    "опубликовано",
    "نشر في",
    "تاريخ النشر",
    "نُشر في",
    "发布时间",
    "发表时间",
    "時間",
    "时间",
    "公開日",
    "פורסם",
    "प्रकाशित",
    "تاریخ انتشار",
    "發布時間",
    "公開",
    "配信",
    "입력",
    "등록",
    "승인",
)
UPDATED = (
    "updated on",
    "updated at",
    "updated",
    "last updated on",
    "last updated at",
    "last updated",
    "last update",
    "last modified",
    "modified",
    "হালনাগাদ",
    "আপডেট",
    "mis à jour le",
    "aktualisiert am",
    "aktualisiert",
    "actualizado el",
    "actualizado",
    "atualizado em",
    "aggiornato il",
    "обновлено",
    "آخر تحديث",
    "更新时间",
    "更新日",
    "עודכן",
    "अपडेट",
    "更新",
    "最終更新",
    "수정",
)

HOME = (
    "Home|Homepage|Front page|Startseite|Accueil|Inicio|Início|Главная|الرئيسية|হোম|প্রচ্ছদ|首页|首頁|ホーム|דף הבית|होम|"
    "صفحه نخست|خانه|صفحہ اول|ہوم|홈|หน้าแรก|Αρχική|Ana sayfa"
)
HERE = (
    "You are here|You are at|Sie sind hier|Vous êtes ici|Estás aquí|Вы здесь|أنت هنا|আপনি এখানে|您的位置|当前位置|"
    "شما اینجا هستید|آپ یہاں ہیں|אתה נמצא כאן|आप यहाँ हैं|आप यहां हैं|現在地|현재 위치|คุณอยู่ที่นี่|Βρίσκεστε εδώ|Buradasınız"
)
STAMP = "date|datum|fecha|data|дата|التاريخ|تاریخ|תאריך|তারিখ|तारीख|दिनांक|日期|日付|날짜|วันที่|ημερομηνία|tarih"

# Lines that are never part of a text, wherever they stand alone.
FURNITURE_ANYWHERE = phrases(
    """
    advertisement|advertisements|advertisment|ad|sponsored|image|[image]|read more|read also|also read|
    story continues below advertisement|article continues below|skip to content|skip to main content|
    click here to read more|ছবি|বিজ্ঞাপন|আরও পড়ুন|আরো পড়ুন|এ সম্পর্কিত আরও খবর|اقرأ أيضا|اقرأ أيضًا|إعلان|
    阅读更多|广告|читайте также|реклама|lire aussi|lesen sie auch|leer más|anzeige|publicité|publicidad
    """
)
# Lines that belong to the page and not to the text, at the top and at the end of it.
FURNITURE_EDGE = phrases(
    """
    for immediate release|press release|media release|news release|
    share|share this|share this article|share this page|share on|share on facebook|share on twitter|share on whatsapp|
    share on linkedin|share on x|shares|tweet|tweet this|retweet|like|pin it|pin|print|print this|print this article|
    print friendly|pdf|email|e-mail|mail|email this|email to a friend|send|save|bookmark|copy link|facebook|twitter|
    x|whatsapp|linkedin|pinterest|telegram|messenger|reddit|instagram|youtube|google news|google+|
    follow us|follow us on|subscribe|sign up|newsletter|log in|login|register|comment|comments|no comments|
    leave a comment|leave a reply|post a comment|add a comment|write a comment|0 comments|related|menu|search|next|
    previous|back|back to top|top|more|photo|photos|video|gallery|listen|a a|a+|a-|font size|
    শেয়ার|শেয়ার করুন|মন্তব্য|মন্তব্য করুন|প্রিন্ট|مشاركة|شارك|طباعة|تعليقات|分享|打印|评论|поделиться|
    комментарии|teilen|drucken|kommentare|partager|imprimer|commentaires|compartir|imprimir|comentarios
    """
)
# Heads of a list of other articles at the end of a page.
FURNITURE_HEADS = phrases(
    """
    related|related news|related stories|related articles|related links|related content|related posts|related topics|
    read more|more news|more stories|more from this section|more on this story|more on this topic|
    most read|most popular|
    also read|you may also like|recommended|recommended for you|latest news|trending|see also|comments|
    এ সম্পর্কিত আরও খবর|আরও খবর|সম্পর্কিত খবর|مواضيع ذات صلة|相关新闻|相关阅读|читайте также|mehr zum thema|
    sur le même sujet|noticias relacionadas
    """
)
EDITIONS = phrases("অনলাইন সংস্করণ|প্রিন্ট সংস্করণ|online edition|print edition|print version|online version|web edition")
SIGN_OFFS = phrases(
    "reuter|enditem|"
    "-30-|- 30 -|30|###|# # #|#|ends|end|-ends-|- ends -|[ends]|(ends)|-end-|(end)|[end]|-0-|-x-|*****|***"
)
