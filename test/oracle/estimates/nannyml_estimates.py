"""NannyML's CBPE on the demo's data: one line a month and metric.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python nannyml_estimates.py > nannyml.csv

2015 is the reference, the 36 months of 2016 to 2018 are estimated from the scores;
`realised` is what scikit-learn gives with the labels.  Months are those of
demo/02_load.sql: a row's place in its year's file, spread evenly over the year.
"""
import csv
import os
import sys
import warnings
from pathlib import Path

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import nannyml as nml
import pandas as pd
from sklearn import metrics

warnings.filterwarnings("ignore")
DATA = Path(__file__).parents[3] / "demo" / "data"
METRICS = ["roc_auc", "accuracy", "precision", "recall", "specificity", "f1"]
SKLEARN = {
    "roc_auc": lambda d: metrics.roc_auc_score(d.employed, d.predicted_probability),
    "accuracy": lambda d: metrics.accuracy_score(d.employed, d.prediction),
    "precision": lambda d: metrics.precision_score(d.employed, d.prediction),
    "recall": lambda d: metrics.recall_score(d.employed, d.prediction),
    "specificity": lambda d: metrics.recall_score(d.employed, d.prediction, pos_label=0),
    "f1": lambda d: metrics.f1_score(d.employed, d.prediction),
}


def load():
    columns = ["id", "year", "prediction", "predicted_probability"]
    rows = pd.concat(
        pd.read_csv(DATA / f"employment_{part}.csv.gz", usecols=columns) for part in ("reference", "current")
    ).merge(pd.read_csv(DATA / "employment_outcomes.csv.gz"), on="id")
    rows = rows.sort_values(["year", "id"], ignore_index=True)
    place = rows.groupby("year").cumcount() / rows.groupby("year").id.transform("count")
    start = pd.to_datetime(rows.year.astype(str) + "-01-01")
    end = pd.to_datetime((rows.year + 1).astype(str) + "-01-01")
    rows["predicted_at"] = start + (end - start) * place
    return rows


def main():
    rows = load()
    reference = rows[rows.year == 2015]
    current = rows[rows.year > 2015]
    estimator = nml.CBPE(
        problem_type="classification_binary",
        y_pred_proba="predicted_probability",
        y_pred="prediction",
        y_true="employed",
        timestamp_column_name="predicted_at",
        chunk_period="M",
        metrics=METRICS,
    )
    estimator.fit(reference)
    result = estimator.estimate(current.drop(columns="employed")).filter(period="analysis").to_df()
    months = current.groupby(current.predicted_at.dt.strftime("%Y-%m"))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["month", "n", "metric", "estimate", "sampling_error", "realised"])
    for i, (month, part) in enumerate(months):
        for metric in METRICS:
            row = result[metric].iloc[i]
            out.writerow(
                [month, len(part), metric, repr(float(row["value"])), repr(float(row["sampling_error"])),
                 repr(float(SKLEARN[metric](part)))]
            )


if __name__ == "__main__":
    main()
