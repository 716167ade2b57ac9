-- One row per form of an aggression, as the export tells it
with
load as (
    select * from load_aggression_form
),

final as (
    select
        aggression_id,
        form_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
