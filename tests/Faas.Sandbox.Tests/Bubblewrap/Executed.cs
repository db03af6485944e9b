using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary><see cref="AttachTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedAttachTests() : AttachTests(LaunchMode.Exec);

/// <summary><see cref="HostUserTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedHostUserTests() : HostUserTests(LaunchMode.Exec);

/// <summary><see cref="InheritanceTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedInheritanceTests() : InheritanceTests(LaunchMode.Exec);

/// <summary><see cref="LimitTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedLimitTests() : LimitTests(LaunchMode.Exec);

/// <summary><see cref="ListenTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedListenTests() : ListenTests(LaunchMode.Exec);

/// <summary><see cref="OrdinaryProgramTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedOrdinaryProgramTests() : OrdinaryProgramTests(LaunchMode.Exec);

/// <summary><see cref="WallTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedWallTests() : WallTests(LaunchMode.Exec);
