"""A report as one page of HTML, which works offline: charts, the table, the ledger, how complete the windows are.

Knows no sink and no run. Begin with `page`. Texts of a log come into the page escaped, as cells, or as JSON, which
`page.js` puts where texts go and nowhere else; the page's own policy forbids every script that is not its own.
"""
