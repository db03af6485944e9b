namespace Faas.Http.Access;

/// <summary>What a key's owner may do.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing; for a route: no key is asked for.</summary>
    None = 0,

    /// <summary>Run scripts, stored ones and code sent along.</summary>
    Invoke = 1,

    /// <summary>Store scripts.</summary>
    Write = 2,

    /// <summary>Everything, the other scopes included.</summary>
    Admin = 4,
}
