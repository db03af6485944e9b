using Faas.Http.Access;
using Faas.Http.Configuration;

namespace Faas.Http.Tests.Testing;

/// <summary>One key for each scope, and the settings with them.</summary>
public static class Keys
{
    public const string Invoke = "invoke-0123456789";
    public const string Execute = "execute-0123456789";
    public const string Write = "write-0123456789";
    public const string Read = "reader-0123456789";
    public const string Metrics = "metrics-0123456789";
    public const string Runs = "watcher-0123456789";
    public const string Admin = "admin-0123456789";

    public static HttpOptions WithKeys(this HttpOptions http, params string[] more) =>
        http.With(
            access =>
                access with
                {
                    Keys = Ring(
                    [
                        $"runner:invoke:{Invoke}", $"player:execute:{Execute}", $"author:write:{Write}", $"reader:read:{Read}",
                        $"root:admin:{Admin}", .. more,
                    ])
                });

    public static HttpOptions With(this HttpOptions http, Func<AccessOptions, AccessOptions> change) =>
        http with { Access = change(http.Access) };

    public static KeyRing Ring(params string[] entries) => KeyRing.Parse("keys", entries);
}
