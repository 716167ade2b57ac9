-- One row per evaluation, question and level: how many answered so, in the year of the evaluation
with
answers as (
    select * from stg_evaluation_answer
),

-- An evaluation id given twice is found by the suites; here it must not repeat the answers.
evaluations as (
    select
        evaluation_id,
        min(period) as period,
        max(respondent_count) as respondent_count
    from core_evaluation
    group by evaluation_id
),

final as (
    select
        -- An export names answers by their evaluation alone: the place in the file tells them apart.
        concat_ws('-', answers.evaluation_id, answers.source_file, answers.source_row) as answer_key,
        answers.evaluation_id,
        evaluations.period,
        answers.item_code,
        answers.level_code,
        answers.answer_count,
        answers.answer_count_missing,
        evaluations.respondent_count,
        sum(answers.answer_count) over (partition by answers.evaluation_id, answers.item_code) as answers_to_item,
        answers.load_id,
        answers.source_file,
        answers.source_row
    from answers
    left join evaluations
        on answers.evaluation_id = evaluations.evaluation_id
)

select * from final
