"""Settles the claims of this folder with the command line and shows every step; `make demo` runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMOS = (
    ("Shanxi “136”: base cover, critical illness, a cap on the own cost, a supplement",
     ("cn/shanxi/136", "demo/shanxi_136.json", "--explain")),
    ("饶河县 2016：两免三减、提高5个百分点、县级封顶线10000元、先诊疗后付费",
     ("cn/heilongjiang/shuangyashan/raohe", "demo/raohe_2016.json", "--explain", "--lang", "zh")),
    ("双鸭山 2017：市人民医院减免、基本补偿、大病保险、医疗救助",
     ("cn/heilongjiang/shuangyashan", "demo/shuangyashan_2017.json", "--lang", "zh")),
    ("饶河县 2017：贫困患者胃癌住院，单病种限价20000元，超出部分由医院承担",
     ("cn/heilongjiang/shuangyashan/raohe", "demo/raohe_gastric_cancer_2017.json", "--lang", "zh")),
    ("饶河县 2017：普通参保人，封顶线10000元，先垫付后报销",
     ("cn/heilongjiang/shuangyashan/raohe", "demo/raohe_ordinary_2017.json", "--lang", "zh")),
    ("饶河县 2017：乡镇门诊",
     ("cn/heilongjiang/shuangyashan/raohe", "demo/raohe_outpatient_2017.json", "--lang", "zh")),
)  # fmt: skip


def main() -> int:
    """The first exit code that is not 0, or 0."""
    for title, arguments in DEMOS:
        print(f"\n── {title}\n$ policyengine settle {' '.join(arguments)}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", "policyengine", "settle", *arguments], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
