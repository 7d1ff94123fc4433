"""The indicators of 安置就业 (`domain.md` C.5, EMP), in the order of the return."""

from placement.case_indicators import INDICATORS as CASES
from placement.fair_indicators import INDICATORS as FAIRS
from placement.loan_indicators import EMP_13, EMP_14
from placement.outreach_indicators import EMP_15
from placement.startup_indicators import EMP_16
from placement.training_indicators import INDICATORS as TRAINING

INDICATORS = [*CASES, *TRAINING, *FAIRS, EMP_13, EMP_14, EMP_15, EMP_16]
