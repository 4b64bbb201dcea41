"""What was meant by an option that there is not: a word of other tools, or one that is spelt nearly right."""

import difflib
from collections.abc import Collection

_NEAR = 0.75  # of difflib; at 0.6 --limit is near to --late
_OTHER_OPTIONS = {  # what other tools call it, by the option that is meant
    "by": "group group-by groupby group-key keys dimension dimensions facet partition-by",
    "agg": "aggregate aggregates aggregation metric metrics measure measures select calc stat count sum avg mean"
    " min max p50 p95 p99 percentile distinct",
    "where": "filter if condition query grep match predicate include only",
    "order": "sort sort-by sortby order-by orderby",
    "limit": "top head max-rows rows",
    "since": "from start start-time begin after",
    "until": "to end end-time before",
    "inputs": "file files filename path paths in infile in-file input-file source src from stdin",
    "input": "input-format informat in-format iformat from-format ifmt parser format-in log-format",
    "separator": "sep delimiter delim field-separator ifs fs",
    "columns": "fields field-names colnames names",
    "unique": "dedup dedupe dedupe-by unique-by uniq distinct-by",
    "output": "out outfile out-file output-file save write report to-file",
    "format": "output-format out-format outformat oformat ofmt to-format",
    "header": "no-header no-headers noheader no-heading headers headerless headerless-csv-output skip-header",
    "time": "time-field timefield time-key time-column timestamp timestamp-field ts ts-field date event-time",
    "time_format": "strptime date-format timestamp-format datetime-format timeformat",
    "timezone": "tz time-zone zone",
    "window": "every interval bucket bucket-size span step period granularity window-size tumbling hopping sliding"
    " session gap resolution",
    "delay": "watermark watermark-delay out-of-orderness max-delay wait",
    "allowed_lateness": "lateness grace grace-period",
    "follow": "tail watch live stream forever",
    "quiet": "no-progress no-summary",
    "bad_file": "errors error-file rejects bad-lines dead-letter",
    "strict": "fail-fast stop-on-error abort-on-error",
    "stats": "statistics ledger summary-file",
    "state": "checkpoint checkpoint-dir checkpoints state-dir resume",
    "threads": "jobs workers parallel parallelism cpus cores n-jobs num-threads concurrency",
    "config": "config-file configuration conf settings",
    "fill": "fill-gaps fill-empty zero-fill gaps",
}


def meant_options(word: str, known: Collection[str]) -> list[str]:
    """The fields of the options that may be meant by a word without its dashes, of those that are known.

    >>> meant_options("group-by", {"by", "late"}), meant_options("limit", {"late"}), meant_options("lates", {"late"})
    (['by'], [], ['late'])
    """
    word = word.lower().replace("_", "-")[:100]
    found = [option for option, words in _OTHER_OPTIONS.items() if word in words.split() and option in known]
    if found:
        return found
    spelt = {option.replace("_", "-"): option for option in known}
    longer = [option for name, option in spelt.items() if len(word) > 2 and name.startswith(word)]
    return longer or [spelt[name] for name in difflib.get_close_matches(word, spelt, 1, _NEAR)]
