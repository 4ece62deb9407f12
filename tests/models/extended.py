"""exp(A t) in extended precision, by Taylor series and repeated squaring: shares no code with what it checks."""

import numpy as np

ORDER, SPARE_HALVINGS = 30, 4


def exponential(matrix, time):
    """exp(matrix * time) of a rate scheme (columns sum to zero) as extended floats."""
    scaled = np.asarray(matrix, np.longdouble) * np.longdouble(time)
    # the columns have to sum to zero beyond double precision, or squaring would blow up what is left of them
    np.fill_diagonal(scaled, 0)
    np.fill_diagonal(scaled, -scaled.sum(axis=0))
    largest = float(np.abs(scaled).sum(axis=0).max())
    halvings = max(0, int(np.ceil(np.log2(max(largest, 1)))) + SPARE_HALVINGS)
    scaled = scaled / np.longdouble(2) ** halvings
    term = total = np.eye(len(scaled), dtype=np.longdouble)
    for order in range(1, ORDER):
        term = term @ scaled / order
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total
