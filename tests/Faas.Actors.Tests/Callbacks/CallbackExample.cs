using Faas.Actors.Callbacks;
using Faas.Actors.Hosts;

namespace Faas.Actors.Tests.Callbacks;

/// <summary>Callbacks for tests.</summary>
internal static class CallbackExample
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public const string OtherSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    public static CallbackOptions Options(params string[] hosts) => new(
        EgressRules.Parse(hosts),
        [CallbackSecret.Parse(Secret)!],
        Attempts: 10,
        FirstDelay: TimeSpan.FromSeconds(5),
        LongestDelay: TimeSpan.FromHours(1),
        Timeout: TimeSpan.FromSeconds(30));
}
