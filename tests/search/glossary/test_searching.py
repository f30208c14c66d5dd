"""Who searches for one word of an entry finds the others too: in either direction and any form."""

from __future__ import annotations

import re

import pytest

from forum.search.follower import catch_up
from tests.search.glossary.entries import same
from tests.search.test_finding import found
from tests.support import make

# The words of an entry, and another form of each.
PAIRS = """
ТМЦ = товарно-материальные ценности / ТМЦ = товарно-материальных ценностей
ЭДО = электронный документооборот / ЭДО = электронного документооборота
НДС = налог на добавленную стоимость / НДС = налогом на добавленную стоимость
КПЭ = ключевой показатель эффективности / КПЭ = ключевые показатели эффективности
СИЗ = средства индивидуальной защиты / СИЗ = средствами индивидуальной защиты
ДМС = добровольное медицинское страхование / ДМС = добровольного медицинского страхования
ВКС = видеоконференция / ВКС = видеоконференции
АРМ = автоматизированное рабочее место / АРМ = автоматизированных рабочих мест
ОКР = опытно-конструкторские работы / ОКР = опытно-конструкторских работ
ГСМ = горюче-смазочные материалы / ГСМ = горюче-смазочных материалов
НМА = нематериальный актив / НМА = нематериальные активы
ППР = планово-предупредительный ремонт / ППР = планово-предупредительных ремонтов
КП = коммерческое предложение / КП = коммерческие предложения
СЭД = система электронного документооборота / СЭД = системы электронного документооборота
ЦФО = центр финансовой ответственности / ЦФО = центров финансовой ответственности
PO = purchase order / PO = purchase orders
SLA = service level agreement / SLA = service level agreements
KPI = key performance indicator / KPI = key performance indicators
NDA = non-disclosure agreement / NDA = non-disclosure agreements
RFP = request for proposal / RFP = requests for proposals
HR = human resources / HR = human resource
OKR = objectives and key results / OKR = objective and key result
VPN = virtual private network / VPN = virtual private networks
FAQ = frequently asked questions / FAQ = frequently asked question
inventory = товарно-материальные ценности / inventories = товарно-материальных ценностей
invoice = счёт-фактура / invoices = счетов-фактур
warehouse = склад / warehouses = складов
payroll = расчёт зарплаты / payrolls = расчёта зарплаты
vacation = отпуск / vacations = отпуска
supplier = поставщик / suppliers = поставщиков
contract = договор / contracts = договоры
approval = согласование / approvals = согласования
budget = смета / budgets = сметы
forklift = погрузчик / forklifts = погрузчики
pallet = поддон / pallets = поддонов
badge = пропуск / badges = пропуска
onboarding = адаптация / onboarding = адаптации
overtime = переработка / overtime = переработки
shipment = отгрузка / shipments = отгрузок
waybill = накладная / waybills = накладных
ноутбук = портативный компьютер / ноутбуки = портативных компьютеров
больничный = лист нетрудоспособности / больничные = листы нетрудоспособности
рекламация = претензия / рекламации = претензий
планёрка = летучка / планёрки = летучек
удалёнка = дистанционная работа / удалёнки = дистанционной работы
холодильник = рефрижератор / холодильники = рефрижераторов
laptop = notebook / laptops = notebooks
lift = elevator / lifts = elevators
cafeteria = canteen / cafeterias = canteens
timesheet = time card / timesheets = time cards
"""


def pairs() -> list[tuple[list[str], list[str]]]:
    """(the words of an entry, other forms of them)."""
    lines = [line.split(" / ") for line in PAIRS.split("\n") if line]
    return [(entry.split(" = "), forms.split(" = ")) for entry, forms in lines]


def test_fifty_pairs_are_found_in_both_directions_and_in_other_forms(app, sign_in):
    asked: list[tuple[str, str]] = []
    for sides, forms in pairs():
        same(app, *sides)
        for at, side in enumerate(sides):
            title = f"Number {len(asked)}"
            make.idea(app, title=title, problem=f"Вопрос: {side}.")
            asked += [(sides[1 - at], title), (forms[1 - at], title)]
    catch_up(app)
    browser = sign_in()

    missed = [(query, title) for query, title in asked if title not in found(browser, query)]

    assert len(pairs()) == 50
    assert missed == []


@pytest.fixture
def stock(app):
    """An entry, and ideas with one of its words each."""
    same(app, "ТМЦ", "товарно-материальные ценности", "inventory")
    make.idea(app, title="Учёт ТМЦ", problem="Считают дважды.")
    make.idea(app, title="Ценности", problem="Товарно-материальных ценностей никто не видел.")
    make.idea(app, title="Inventories", problem="Those of two warehouses differ.")
    make.idea(app, title="Values", problem="Наши ценности: товарно и материальные.")
    catch_up(app)
    return app


def test_what_was_typed_comes_before_other_words_for_it(stock, sign_in):
    for query, first in (("тмц", "Учёт ТМЦ"), ("inventory", "Inventories")):
        titles = found(sign_in(), query)

        assert titles[0] == first
        assert sorted(titles) == ["Inventories", "Учёт ТМЦ", "Ценности"]


def test_a_phrase_of_the_glossary_is_a_row_of_words(stock, sign_in):
    assert "Values" not in found(sign_in(), "inventory")


def test_the_longest_row_of_words_counts(app, sign_in):
    same(app, "purchase order", "PO")
    same(app, "order", "приказ")
    make.idea(app, title="Заказ", problem="The PO is late.")
    make.idea(app, title="Бумага", problem="Приказ опоздал.")
    catch_up(app)

    assert found(sign_in(), "late purchase orders") == ["Заказ"]
    assert found(sign_in(), "order") == ["Бумага"]


def test_another_word_satisfies_each_word_of_a_row(app, sign_in):
    same(app, "purchase order", "PO")
    make.idea(app, title="Abbreviated", problem="A PO waits for its signature.")
    make.idea(app, title="Spelled out", problem="The order of a purchase waits for its signature.")
    catch_up(app)

    answer = sign_in().json("/search?q=purchase+order+signature")

    assert answer["relaxed"] is None
    assert {hit["title"] for hit in answer["hits"]} == {"Abbreviated", "Spelled out"}


def test_an_alternative_stands_for_its_other_words_too(stock, sign_in):
    assert "Учёт ТМЦ" in found(sign_in(), "nothing OR inventory")


@pytest.mark.parametrize("query", ['"inventory"', "-inventory differ", "inventor*"])
def test_quoted_excluded_and_unfinished_words_stand_for_themselves(stock, sign_in, query):
    assert "Учёт ТМЦ" not in found(sign_in(), query)


def test_other_words_are_marked_and_named_with_a_way_out(stock, sign_in):
    browser = sign_in()

    page = browser.get("/search?q=inventory")
    exact = browser.get("/search?q=inventory&exact=1")

    assert "<mark>ТМЦ</mark>" in page.text
    assert "<mark>Товарно-материальных</mark> <mark>ценностей</mark>" in page.text
    assert "Also looked for: ТМЦ, товарно-материальные ценности." in page.text
    assert 'href="/search?q=inventory&amp;exact=1"' in page.text
    assert re.findall("data-hit", exact.text) == ["data-hit"]
    assert "Only what you typed was looked for." in exact.text
    assert 'href="/search?q=inventory"' in exact.text


def test_a_rare_word_does_not_drown_a_common_one_that_was_typed(app, sign_in):
    same(app, "printer", "МФУ")
    for number in range(12):
        make.idea(app, title=f"Printer {number}", problem="The printer is out of paper again.")
    make.idea(app, title="МФУ", problem="МФУ стоит в коридоре, и МФУ шумит. МФУ!")
    catch_up(app)

    titles = found(sign_in(), "printer")

    assert titles[-1] == "МФУ"
    assert len(titles) == 13


def test_thousands_of_entries_for_one_word_keep_nobody_waiting(app, sign_in, context):
    from forum.core.db import transaction
    from forum.search.glossary import actions

    with transaction():
        for number in range(300):
            sides = ["printer", *(f"device{number}x{side}" for side in range(8))]
            actions.add(None, sides=sides)
    make.idea(app, title="Printers", problem="Nothing else.")
    catch_up(app)

    page = sign_in().get("/search?q=" + "+".join(["printer"] * 120))

    assert page.status_code == 200
    assert len(re.findall("device[0-9]", page.text)) <= 6
