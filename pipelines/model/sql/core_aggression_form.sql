-- One row per form of an aggression
with
forms as (
    select * from stg_aggression_form
),

final as (
    select
        aggression_id,
        form_code,
        load_id,
        source_file,
        source_row
    from forms
)

select * from final
