-- One row per evaluation, question and level: how many answered so, never a percentage, as the export tells it
with
load as (
    select * from load_evaluation_answer
),

final as (
    select
        evaluation_id,
        item_code,
        level_code,
        cast(answer_count as integer) as answer_count,
        answer_count_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
