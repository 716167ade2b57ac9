-- One row per need of the year that was not met, with its reason: a request is one need at most, a kit another
with
requests as (
    select * from core_request
),

dispositions as (
    select * from core_disposition
),

kits as (
    select * from core_kit
),

of_requests as (
    select
        concat('request-', requests.request_id) as need_key,
        requests.person_key,
        requests.period,
        case
            when dispositions.after_request_code = 'non_rejointe' then 'demande_non_rejointe'
            when dispositions.after_request_code = 'refus_capacite' then 'refus_capacite'
            when dispositions.after_request_code = 'liste_attente' then 'attente_apres_demande'
            when dispositions.after_first_meeting_code in ('attente_p1', 'attente_p2', 'attente_p3')
                then 'attente_apres_rencontre'
        end as reason_code
    from requests
    inner join dispositions
        on requests.request_id = dispositions.request_id
),

of_kits as (
    select
        concat('kit-', kit_id) as need_key,
        person_key,
        period,
        'trousse_non_rejointe' as reason_code
    from kits
    where not is_reached
),

final as (
    select * from of_requests where reason_code is not null
    union all
    select * from of_kits
)

select * from final
