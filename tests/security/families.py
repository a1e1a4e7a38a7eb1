"""The families of input formats: for each, a file in which every field that it knows is filled with something."""

# ruff: noqa: E501  (the files are written as they would lie there)

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

Fields = Mapping[str, str]
BODY = "The skipper of the Kittiwake said that he had seen nothing like it in forty years at sea, and would say so."


def _day(fields: Fields) -> str:
    return fields.get("date", "2026-03-14T09:00:00Z")


def markdown_yaml(fields: Fields) -> bytes:
    """Markdown with YAML between dashes; JSON strings are YAML strings."""
    told = {
        "title": fields["title"], "id": fields["id"], "date": _day(fields), "subtitle": fields["standfirst"],
        "byline": fields["byline"], "sections": [fields["section"]], "tags": [fields["tag"]], "slug": fields["slug"],
        "canonical_url": fields["link"], "description": fields["summary"], "copyright": fields["rights"],
        "lang": fields["language"], "dateline": fields["dateline"], "agency": fields["agency"],
        "authors": [{"name": fields["author"], "url": fields["author_url"]}],
        "image": {"url": fields["image"], "alt": fields["alt"], "caption": fields["caption"], "credit": fields["credit"]},
    }  # fmt: skip
    front = "".join(f"{name}: {json.dumps(value)}\n" for name, value in told.items())
    return f'---\n{front}---\n\n{BODY}\n\n{fields["body"]}\n\n<a href="{fields["body_link"]}">there</a>\n'.encode()


def markdown_json(fields: Fields) -> bytes:
    """Markdown with a JSON object before it."""
    told = {
        "title": fields["title"], "guid": fields["id"], "published": _day(fields), "standfirst": fields["standfirst"],
        "author": fields["author"], "section": fields["section"], "keywords": [fields["tag"]], "link": fields["link"],
        "summary": fields["summary"], "thumbnail": fields["image"],
    }  # fmt: skip
    return f"{json.dumps(told)}\n\n{BODY}\n\n{fields['body']}\n\n[there]({fields['body_link']})\n".encode()


def keyed_text(fields: Fields) -> bytes:
    """Plain text with a key before each line of its head."""
    told = {
        "Headline": fields["title"], "Guid": fields["id"], "Date": _day(fields), "Standfirst": fields["standfirst"],
        "By": fields["byline"], "Section": fields["section"], "Tags": fields["tag"], "Link": fields["link"],
        "Summary": fields["summary"], "Copyright": fields["rights"], "Language": fields["language"],
        "Place": fields["dateline"], "Source": fields["agency"],
    }  # fmt: skip
    lines = "".join(f"{key}: {' '.join(value.split())}\n" for key, value in told.items())
    return f"{lines}\n{BODY}\n\n{fields['body']}\n".encode()


def bare_text(fields: Fields) -> bytes:
    """Plain text: a title, a standfirst, a byline, the text."""
    title, standfirst, byline = (" ".join(fields[name].split()) for name in ("title", "standfirst", "byline"))
    return f"Kittiwake {title}\n\n{standfirst}\n\nBy {byline}\n\n{BODY}\n\n{fields['body']}\n".encode()


def html(fields: Fields) -> bytes:
    """A web page that says everything about itself, in its head and in linked data."""
    linked = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": fields["title"], "@id": fields["id"],
        "datePublished": _day(fields), "description": fields["summary"], "articleSection": fields["section"],
        "author": {"@type": "Person", "name": fields["author"], "url": fields["author_url"]},
        "keywords": [fields["tag"]], "image": {"url": fields["image"], "caption": fields["caption"]},
        "copyrightNotice": fields["rights"], "inLanguage": fields["language"],
    }  # fmt: skip
    data = json.dumps(linked).replace("<", "\\u003c")
    metas = "".join(
        f"<meta property={quoteattr(name)} content={quoteattr(fields[field])}>"
        for name, field in (
            ("og:title", "title"), ("og:description", "summary"), ("og:image", "image"), ("og:image:alt", "alt"),
            ("article:section", "section"), ("article:tag", "tag"), ("author", "author"), ("og:url", "link"),
        )
    )  # fmt: skip
    return (
        f"<!doctype html><html lang={quoteattr(fields['language'])}><head><title>{escape(fields['title'])}</title>{metas}"
        f"<link rel=canonical href={quoteattr(fields['link'])}>"
        f'<script type="application/ld+json">{data}</script></head><body><article><h1>{escape(fields["title"])}</h1>'
        f'<p class="standfirst">{escape(fields["standfirst"])}</p><p class="byline">{escape(fields["byline"])}</p>'
        f"<figure><img src={quoteattr(fields['image'])} alt={quoteattr(fields['alt'])}>"
        f"<figcaption>{escape(fields['caption'])}</figcaption></figure>"
        f"<p>{BODY}</p><p>{BODY.replace('forty', 'fifty')}</p><p>{fields['body']}</p>"
        f"<p><a href={quoteattr(fields['body_link'])}>there</a></p></article></body></html>"
    ).encode()


def schema_org(fields: Fields) -> bytes:
    """Linked data as a file of its own."""
    return json.dumps(
        {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": fields["title"], "@id": fields["id"],
            "alternativeHeadline": fields["standfirst"], "description": fields["summary"],
            "articleBody": f"<p>{BODY}</p><p>{fields['body']}</p>", "datePublished": _day(fields),
            "author": {"@type": "Person", "name": fields["author"], "url": fields["author_url"]},
            "articleSection": fields["section"], "keywords": [fields["tag"]], "inLanguage": fields["language"],
            "mainEntityOfPage": fields["link"], "copyrightNotice": fields["rights"],
            "image": {"@type": "ImageObject", "url": fields["image"], "caption": fields["caption"],
                      "creditText": fields["credit"]},
        }
    ).encode()  # fmt: skip


def plain_json(fields: Fields) -> bytes:
    """An article as a JSON object with the names that people choose."""
    return json.dumps(
        {
            "id": fields["id"], "headline": fields["title"], "publishedAt": _day(fields), "byline": fields["byline"],
            "category": fields["section"], "tags": [fields["tag"]], "language": fields["language"],
            "summary": fields["summary"], "url": fields["link"], "dateline": fields["dateline"],
            "image": {"url": fields["image"], "alt": fields["alt"], "caption": fields["caption"]},
            "content": f"<p>{BODY}</p><p>{fields['body']}</p>",
        }
    ).encode()  # fmt: skip


def json_feed(fields: Fields) -> bytes:
    """A JSON Feed of one item."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1", "title": "Elsewhere",
            "items": [
                {
                    "id": fields["id"], "url": fields["link"], "title": fields["title"], "summary": fields["summary"],
                    "content_html": f"<p>{BODY}</p><p>{fields['body']}</p><a href=\"{fields['body_link']}\">there</a>",
                    "date_published": _day(fields), "tags": [fields["tag"]], "language": fields["language"],
                    "authors": [{"name": fields["author"], "url": fields["author_url"]}], "image": fields["image"],
                    "attachments": [{"url": fields["image"], "mime_type": "image/png", "title": fields["caption"]}],
                }
            ],
        }
    ).encode()  # fmt: skip


def ninjs(fields: Fields) -> bytes:
    """IPTC ninjs 1.3."""
    return json.dumps(
        {
            "guid": fields["id"], "type": "text", "versioncreated": _day(fields), "pubstatus": "usable",
            "headline": fields["title"], "byline": fields["byline"], "located": fields["dateline"],
            "description_text": fields["summary"], "body_html": f"<p>{BODY}</p><p>{fields['body']}</p>",
            "language": fields["language"], "subject": [{"code": fields["tag"], "name": fields["tag"], "scheme": fields["link"]}],
            "service": [{"code": "x", "name": fields["section"]}], "infosource": [{"name": fields["agency"]}],
            "copyrightnotice": fields["rights"], "person": [{"name": fields["author"], "rel": "author"}],
            "associations": {
                "mainpic": {
                    "type": "picture", "headline": fields["alt"], "description_text": fields["caption"],
                    "byline": fields["credit"],
                    "renditions": {"main": {"href": fields["image"], "mimetype": "image/jpeg", "width": 1200, "height": 750}},
                }
            },
        }
    ).encode()  # fmt: skip


def digital_wires(fields: Fields) -> bytes:
    """A digital wire."""
    return json.dumps(
        {
            "format": "digitalwires@0.9.1", "type": "composite", "urn": fields["id"], "version_created": _day(fields),
            "version": 1, "pubstatus": "usable", "language": fields["language"], "kicker": fields["standfirst"],
            "headline": fields["title"], "teaser": fields["summary"], "byline": fields["byline"],
            "dateline": fields["dateline"], "article_html": f"<section class=\"main\"><p>{BODY}</p><p>{fields['body']}</p></section>",
            "creditline": fields["agency"], "copyrightnotice": fields["rights"],
            "associations": [
                {"type": "image", "headline": fields["alt"], "caption": fields["caption"], "creditline": fields["credit"],
                 "renditions": [{"size": 2048, "mimetype": "image/jpeg", "url": fields["image"]}]}
            ],
            "categories": [{"type": "dnltype:keyword", "name": fields["tag"], "qcode": None}],
            "rubric_names": [fields["section"]],
        }
    ).encode()  # fmt: skip


def gov_uk(fields: Fields) -> bytes:
    """A page of a government's content store."""
    return json.dumps(
        {
            "base_path": f"/government/news/{fields['slug']}", "content_id": fields["id"], "document_type": "press_release",
            "schema_name": "news_article", "locale": "en", "title": fields["title"], "description": fields["summary"],
            "first_published_at": _day(fields), "public_updated_at": _day(fields), "withdrawn_notice": {},
            "details": {
                "body": f"<div class=\"govspeak\"><p>{BODY}</p><p>{fields['body']}</p></div>",
                "image": {"url": fields["image"], "alt_text": fields["alt"], "caption": fields["caption"],
                          "credit": fields["credit"]},
            },
            "links": {"organisations": [{"title": fields["author"]}], "taxons": [{"title": fields["section"]}]},
        }
    ).encode()  # fmt: skip


def rss(fields: Fields) -> bytes:
    """An RSS document of one item."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Elsewhere</title><link>https://paper.example/</link>
<item><title>{_xml(fields, "title")}</title><link>{_xml(fields, "link")}</link>
<guid isPermaLink="false">{_xml(fields, "id")}</guid><pubDate>Sat, 14 Mar 2026 09:00:00 GMT</pubDate>
<description>{_xml(fields, "summary")}</description>
<content:encoded>{_text(f'<p>{BODY}</p><p>{fields["body"]}</p><a href="{fields["body_link"]}">there</a>')}</content:encoded>
<dc:creator>{_xml(fields, "author")}</dc:creator><category domain={_quoted(fields, "link")}>{_xml(fields, "tag")}</category>
<dc:rights>{_xml(fields, "rights")}</dc:rights><enclosure url={_quoted(fields, "link")} length="1" type="image/png"/>
<media:content url={_quoted(fields, "image")} type="image/png"><media:title>{_xml(fields, "alt")}</media:title>
<media:description>{_xml(fields, "caption")}</media:description><media:credit>{_xml(fields, "credit")}</media:credit>
</media:content></item></channel></rss>""".encode()


def atom(fields: Fields) -> bytes:
    """An Atom document of one entry."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Elsewhere</title><id>tag:paper.example,2024:feed</id>
<updated>2026-03-14T09:00:00Z</updated><entry xml:lang={_quoted(fields, "language")}>
<id>{_xml(fields, "id")}</id><title type="html">{_xml(fields, "title")}</title><link href={_quoted(fields, "link")}/>
<link rel="enclosure" href={_quoted(fields, "image")} type="image/png"/>
<published>2026-03-14T09:00:00Z</published><updated>2026-03-14T09:00:00Z</updated>
<author><name>{_xml(fields, "author")}</name><uri>{_xml(fields, "author_url")}</uri></author>
<category term={_quoted(fields, "tag")} label={_quoted(fields, "tag")} scheme={_quoted(fields, "link")}/>
<summary type="html">{_xml(fields, "summary")}</summary><rights>{_xml(fields, "rights")}</rights>
<content type="html">{_text(f'<p>{BODY}</p><p>{fields["body"]}</p><a href="{fields["body_link"]}">there</a>')}</content>
</entry></feed>""".encode()


def nitf(fields: Fields) -> bytes:
    """IPTC NITF."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<nitf xml:lang={_quoted(fields, "language")}><head><title>{_xml(fields, "title")}</title><docdata>
<doc-id id-string={_quoted(fields, "id")}/><date.release norm="20260314T090000Z"/>
<doc.copyright holder={_quoted(fields, "rights")} year="2026"/>
<key-list><keyword key={_quoted(fields, "tag")}/></key-list></docdata>
<pubdata position.section={_quoted(fields, "section")}/></head><body><body.head>
<hedline><hl1>{_xml(fields, "title")}</hl1><hl2>{_xml(fields, "standfirst")}</hl2></hedline>
<byline>{_xml(fields, "byline")}</byline><distributor><org>{_xml(fields, "agency")}</org></distributor>
<dateline><location>{_xml(fields, "dateline")}</location></dateline><abstract><p>{_xml(fields, "summary")}</p></abstract>
</body.head><body.content><p>{BODY}</p><p>{_xml(fields, "body")}</p><p><a href={_quoted(fields, "body_link")}>there</a></p>
<media media-type="image"><media-reference source={_quoted(fields, "image")} mime-type="image/jpeg"
 alternate-text={_quoted(fields, "alt")}/><media-caption>{_xml(fields, "caption")}</media-caption>
<media-producer>{_xml(fields, "credit")}</media-producer></media></body.content></body></nitf>""".encode()


def newsml_g2(fields: Fields) -> bytes:
    """IPTC NewsML-G2 with HTML in it."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid={_quoted(fields, "id")} version="1"
 xml:lang={_quoted(fields, "language")}><rightsInfo><copyrightNotice>{_xml(fields, "rights")}</copyrightNotice></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="p:x"><name>{_xml(fields, "agency")}</name></provider>
<versionCreated>2026-03-14T09:00:00Z</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><headline>{_xml(fields, "title")}</headline><by>{_xml(fields, "byline")}</by>
<creditline>{_xml(fields, "agency")}</creditline><dateline>{_xml(fields, "dateline")}</dateline>
<subject type="cpnat:abstract" qcode="k:x"><name>{_xml(fields, "tag")}</name></subject>
<description role="drol:summary">{_xml(fields, "summary")}</description></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head>
<title>{_xml(fields, "title")}</title></head><body><p>{BODY}</p><p>{_xml(fields, "body")}</p>
<p><a href={_quoted(fields, "body_link")}>there</a> <img src={_quoted(fields, "image")} alt={_quoted(fields, "alt")}/></p>
<script>alert(1)</script><p onclick="alert(1)" style="x:expression(1)">end</p></body></html></inlineXML></contentSet>
</newsItem>""".encode()


def newsml_1(fields: Fields) -> bytes:
    """IPTC NewsML 1.2."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<NewsML><NewsEnvelope><DateAndTime>20260314T090000Z</DateAndTime></NewsEnvelope><NewsItem><Identification><NewsIdentifier>
<ProviderId>x</ProviderId><DateId>20260314</DateId><NewsItemId>x</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>{_xml(fields, "id")}</PublicIdentifier></NewsIdentifier></Identification><NewsManagement>
<NewsItemType FormalName="News"/><FirstCreated>20260314T090000Z</FirstCreated><ThisRevisionCreated>20260314T090000Z</ThisRevisionCreated>
<Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines><HeadLine>{_xml(fields, "title")}</HeadLine>
<SubHeadLine>{_xml(fields, "standfirst")}</SubHeadLine><ByLine>{_xml(fields, "byline")}</ByLine>
<DateLine>{_xml(fields, "dateline")}</DateLine><CopyrightLine>{_xml(fields, "rights")}</CopyrightLine>
<KeywordLine>{_xml(fields, "tag")}</KeywordLine></NewsLines><DescriptiveMetadata><Language FormalName={_quoted(fields, "language")}/>
</DescriptiveMetadata><NewsComponent><Role FormalName="Photo"/><NewsLines><HeadLine>{_xml(fields, "alt")}</HeadLine>
<CreditLine>{_xml(fields, "credit")}</CreditLine></NewsLines><ContentItem Href={_quoted(fields, "image")}><MediaType FormalName="Photo"/>
<MimeType FormalName="image/jpeg"/></ContentItem></NewsComponent><ContentItem><Format FormalName="XHTML"/><DataContent>
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{BODY}</p><p>{_xml(fields, "body")}</p><p>
<a href={_quoted(fields, "body_link")}>there</a></p><script>alert(1)</script></body></html></DataContent></ContentItem>
</NewsComponent></NewsItem></NewsML>""".encode()


FAMILIES: Mapping[str, tuple[str, Callable[[Fields], bytes], str]] = {
    # name: (suffix, what writes a file, the fields that must be seen again in what comes out)
    "markdown-yaml": (".md", markdown_yaml, "title standfirst byline author section tag summary rights dateline agency "
                      "alt caption credit body"),
    "markdown-json": (".md", markdown_json, "title standfirst author section tag summary body"),
    "keyed-text": (".txt", keyed_text, "title standfirst byline section tag summary rights dateline agency body"),
    "bare-text": (".txt", bare_text, "title body"),
    "html": (".html", html, "title author section tag summary alt body"),
    "schema-org": (".json", schema_org, "title author section tag summary rights caption credit body"),
    "plain-json": (".json", plain_json, "title byline section tag summary alt caption body"),
    "json-feed": (".json", json_feed, "title author tag summary body"),
    "ninjs": (".json", ninjs, "title byline tag summary rights agency caption credit body"),
    "digital-wires": (".json", digital_wires, "title byline tag summary rights agency caption credit body"),
    "gov-uk": (".json", gov_uk, "title section summary alt caption credit body"),
    "rss": (".xml", rss, "title author tag summary rights alt caption credit body"),
    "atom": (".xml", atom, "title author tag summary rights body"),
    "nitf": (".xml", nitf, "title standfirst byline section tag summary agency caption body"),
    "newsml-g2": (".xml", newsml_g2, "title byline tag summary rights agency body"),
    "newsml-1": (".xml", newsml_1, "title standfirst byline tag rights credit body"),
}  # fmt: skip


def _xml(fields: Fields, name: str) -> str:
    return _text(fields[name])


def _text(value: str) -> str:
    return escape(_allowed(value))


def _quoted(fields: Fields, name: str) -> str:
    return quoteattr(_allowed(fields[name]))


def _allowed(value: str) -> str:
    """Without the characters that no XML document may hold: with them it would be refused, and nothing tested."""
    return "".join(character for character in value if character >= " " or character in "\t\n\r")
